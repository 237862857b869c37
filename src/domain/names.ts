const SAFE = /^[A-Za-z0-9._-]*$/;
const UNSAFE = /[^A-Za-z0-9._-]/gu;

/** What the parser of a URI takes for a folder: an id `..` would name the container. */
const DOTS = /^\.{1,2}$/;

/**
 * Keeps `A-Za-z0-9._-` and writes every other UTF-8 byte as `~XX`: safe in ids, paths and URIs, and reversible. The
 * names `.` and `..` are written so, too.
 */
export function encodeName(text: string): string {
  if (DOTS.test(text)) return text.replaceAll(".", "~2E");
  if (SAFE.test(text)) return text;
  return text.replace(UNSAFE, (character) =>
    [...Buffer.from(character, "utf8")]
      .map((byte) => `~${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
}

export function decodeName(encoded: string): string {
  if (!encoded.includes("~")) return encoded;
  const bytes: number[] = [];
  for (let at = 0; at < encoded.length; at += 1) {
    if (encoded[at] === "~") {
      bytes.push(Number.parseInt(encoded.slice(at + 1, at + 3), 16));
      at += 2;
    } else bytes.push(encoded.charCodeAt(at));
  }
  return Buffer.from(bytes).toString("utf8");
}
