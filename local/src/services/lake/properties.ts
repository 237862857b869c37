import { fail } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { MAX_METADATA_BYTES } from "./limits.ts";
import type { Properties } from "./state.ts";

const DEFAULT_CONTENT_TYPE = "application/octet-stream";

/** The header that sets a property, and the one that shows it. */
const HTTP_PROPERTIES = [
  ["contentType", "content-type"],
  ["contentEncoding", "content-encoding"],
  ["contentLanguage", "content-language"],
  ["contentDisposition", "content-disposition"],
  ["cacheControl", "cache-control"],
  ["contentMd5", "content-md5"],
] as const;

/** From `x-ms-blob-content-type` and its siblings (`x-ms-content-type`, … in the DFS protocol). */
export function httpProperties(
  exchange: Exchange,
  prefix: "x-ms-blob-" | "x-ms-",
): Properties {
  const given = HTTP_PROPERTIES.map(([name, header]) => [
    name,
    exchange.header(prefix + header),
  ]).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(given) as Properties;
}

export function shownProperties(
  properties: Properties,
): Record<string, string> {
  const shown: Record<string, string> = {
    "content-type": properties.contentType ?? DEFAULT_CONTENT_TYPE,
  };
  for (const [name, header] of HTTP_PROPERTIES) {
    const value = properties[name];
    if (value !== undefined) shown[header] = value;
  }
  for (const [name, value] of Object.entries(properties.metadata ?? {}))
    shown[`x-ms-meta-${name}`] = value;
  return shown;
}

/** `x-ms-meta-*`, with the case that the client gave the names. */
export function metadataOf(exchange: Exchange): Pick<Properties, "metadata"> {
  const metadata: Record<string, string> = {};
  const raw = exchange.request.rawHeaders;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const header = raw[i] ?? "";
    if (/^x-ms-meta-/i.test(header))
      metadata[header.slice("x-ms-meta-".length)] = (raw[i + 1] ?? "").trim();
  }
  return checkedMetadata(metadata);
}

/** `x-ms-properties` of the DFS protocol: `name=base64,name=base64`. */
export function dfsProperties(
  exchange: Exchange,
): Pick<Properties, "metadata"> {
  const text = exchange.header("x-ms-properties") ?? "";
  const pairs = text
    .split(",")
    .filter((pair) => pair.trim() !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      if (at < 0) fail("invalidHeader", "x-ms-properties");
      const value = Buffer.from(pair.slice(at + 1), "base64").toString();
      return [pair.slice(0, at).trim(), value] as const;
    });
  return checkedMetadata(Object.fromEntries(pairs));
}

export const shownAsDfs = (properties: Properties): string =>
  Object.entries(properties.metadata ?? {})
    .map(([name, value]) => `${name}=${Buffer.from(value).toString("base64")}`)
    .join(",");

/** Names are C# identifiers, values what an HTTP header can hold. */
function checkedMetadata(
  metadata: Record<string, string>,
): Pick<Properties, "metadata"> {
  const entries = Object.entries(metadata);
  if (entries.length === 0) return {};
  let bytes = 0;
  for (const [name, value] of entries) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) fail("invalidMetadata", name);
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) fail("invalidMetadata", name);
    if (/^hdi_isfolder$/i.test(name))
      fail("notSupported", "Make directories with the DFS protocol.");
    bytes += name.length + value.length;
  }
  if (bytes > MAX_METADATA_BYTES) fail("metadataTooLarge");
  return { metadata };
}

export function without(
  properties: Properties,
  name: keyof Properties,
): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(([other]) => other !== name),
  );
}
