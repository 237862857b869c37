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

/** Letters of a path's last part: a path has 1,024 at most on Azure, a part of one 255 on a laptop. */
const MAX_BRONZE_NAME = 200;
/** What readers tell the format by, such as `.csv.gz`. */
const ENDING = /(?:\.[A-Za-z0-9]{1,8}){1,2}$/;

/**
 * The name that a dropped file has in bronze. Spark passes over names that begin with `_` or `.`, or end with
 * `._COPYING_`: of these one letter is written as `~XX`. A long name loses what is in front of its ending: the folder
 * that it lies in names the file, and the claim has the whole name.
 */
export function bronzeNameOf(name: string): string {
  const shown = encodeName(name)
    .replace(/^[._]/, (letter) => (letter === "." ? "~2E" : "~5F"))
    .replace(/\._COPYING_$/, "._COPYING~5F");
  if (shown.length <= MAX_BRONZE_NAME) return shown;
  const [ending = ""] = ENDING.exec(shown) ?? [];
  // Never in the middle of a letter that is written as `~XX`.
  const kept = shown
    .slice(0, MAX_BRONZE_NAME - ending.length)
    .replace(/~[0-9A-F]?$/, "");
  return `${kept}${ending}`;
}
