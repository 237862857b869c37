const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

export const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (found) => ENTITIES[found] ?? found);

/** `<name>text</name>`; nothing for undefined. */
export const element = (
  name: string,
  value: string | number | undefined,
): string =>
  value === undefined ? "" : `<${name}>${escapeXml(String(value))}</${name}>`;

export const elements = (
  values: Readonly<Record<string, string | number | undefined>>,
): string =>
  Object.entries(values)
    .map(([name, value]) => element(name, value))
    .join("");
