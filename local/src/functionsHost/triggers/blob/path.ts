import { AppFault } from "../../app/appFault.ts";

/** `container/{dir}/{name}.csv`: which blobs a function wants, and the names that it finds in their paths. */
export interface BlobPath {
  match(path: string): Record<string, string> | undefined;
}

/** The last name reaches over slashes; the others take one segment. Doubled braces are literal. */
export function compileBlobPath(pattern: string, where: string): BlobPath {
  const names: string[] = [];
  const parts = pattern.split(/(\{\{|\}\}|\{[^{}]*\})/);
  const last = parts.findLastIndex((part) => /^\{[^{}]+\}$/.test(part));
  const expression = parts
    .map((part, index) => {
      const name = /^\{(.+)\}$/.exec(part)?.[1];
      if (name === undefined || part === "{{" || part === "}}")
        return part
          .replace(/^(\{\{|\}\})$/, (braces) => braces.charAt(0))
          .replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      if (!/^\w+$/.test(name))
        throw new AppFault(
          `${where} has the path '${pattern}', whose part '${part}' the local host does not know.`,
        );
      names.push(name);
      return index === last ? "(.+)" : "([^/]+)";
    })
    .join("");
  const whole = new RegExp(
    pattern.includes("/") ? `^${expression}$` : `^${expression}/.+$`,
    // A blob's name may hold ends of lines, such as U+2028.
    "s",
  );
  return {
    match(path) {
      const found = whole.exec(path);
      if (found === null) return undefined;
      return Object.fromEntries(
        names.map((name, index) => [name, found[index + 1] ?? ""]),
      );
    },
  };
}
