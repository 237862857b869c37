import { hash } from "node:crypto";

/** JSON with sorted keys: the same content is the same text, however it was ordered. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${entries.join(",")}}`;
}

/** The digest of a compiled definition: of all that it says but the digest itself. */
export function digestOf(definition: object): string {
  const content = { ...definition, digest: undefined };
  return hash("sha256", canonical(content), "hex");
}
