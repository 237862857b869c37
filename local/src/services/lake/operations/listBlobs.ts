import { fail } from "../errors.ts";
import { xmlReply } from "../exchange.ts";
import type { Operation } from "../lake.ts";
import { MAX_LIST_RESULTS } from "../limits.ts";
import { cleanPath } from "../names.ts";
import type { Entry } from "../entry.ts";
import { fromToken, page, startBelow, walk, type Found } from "../walk.ts";
import { element, elements, escapeXml } from "../xml.ts";

const INCLUDABLE = ["metadata"];

export const listBlobs: Operation = {
  name: "List Blobs",
  match: {
    method: "GET",
    level: "container",
    query: { restype: "container", comp: "list" },
  },
  run({ store, containers, url }, exchange) {
    const { container } = exchange.address;
    const dir = containers.needDir(container);
    const prefix = exchange.query("prefix") ?? "";
    const delimiter = exchange.query("delimiter") ?? "";
    if (delimiter !== "" && delimiter !== "/")
      fail("invalidQuery", "delimiter");
    if (exchange.query("showonly") !== undefined)
      fail("notSupported", "The query parameter showonly.");
    const include = (exchange.query("include") ?? "")
      .split(",")
      .filter(Boolean);
    const unknown = include.find((name) => !INCLUDABLE.includes(name));
    if (unknown !== undefined) fail("notSupported", `include=${unknown}`);
    const most = Math.min(
      exchange.number("maxresults", 1, Infinity) ?? MAX_LIST_RESULTS,
      MAX_LIST_RESULTS,
    );
    const cut = prefix.lastIndexOf("/");
    const folder = cut < 0 ? "" : cleanPath(prefix.slice(0, cut));
    const start = folder === "" ? dir : containers.resolve(container, folder);
    const isDeep = delimiter === "";
    const from = startBelow(folder, exchange.query("startfrom"), isDeep);
    const { items, next } =
      start === undefined || from === false
        ? { items: [], next: undefined }
        : page(
            walk(store, {
              dir: start,
              path: folder,
              isDeep,
              from,
              namePrefix: prefix.slice(cut + 1),
              after: fromToken(exchange.query("marker")),
            }),
            most,
          );
    return xmlReply(
      `<EnumerationResults ServiceEndpoint="${escapeXml(url)}" ContainerName="${container}">` +
        elements({ Prefix: prefix, MaxResults: most, Delimiter: delimiter }) +
        `<Blobs>${items
          .map((found) =>
            delimiter !== "" && found.entry.isDirectory
              ? prefixXml(found)
              : blobXml(found, include.includes("metadata")),
          )
          .join(
            "",
          )}</Blobs>${element("NextMarker", next ?? "")}</EnumerationResults>`,
    );
  },
};

const prefixXml = ({ path, entry }: Found): string =>
  `<BlobPrefix>${element("Name", `${path}/`)}<Properties>${common(entry)}</Properties></BlobPrefix>`;

function blobXml({ path, entry }: Found, withMetadata: boolean): string {
  const { properties } = entry;
  const shown = elements({
    "Content-Length": entry.bytes,
    "Content-Type": properties.contentType ?? "application/octet-stream",
    "Content-Encoding": properties.contentEncoding,
    "Content-Language": properties.contentLanguage,
    "Content-MD5": properties.contentMd5,
    "Content-Disposition": properties.contentDisposition,
    "Cache-Control": properties.cacheControl,
    BlobType: "BlockBlob",
    LeaseStatus: "unlocked",
    LeaseState: "available",
    ServerEncrypted: "true",
  });
  // With a hierarchical namespace, directories are listed among the blobs.
  const metadata = {
    ...properties.metadata,
    ...(entry.isDirectory ? { hdi_isfolder: "true" } : {}),
  };
  return (
    `<Blob>${element("Name", path)}<Properties>${common(entry)}${shown}</Properties>` +
    (withMetadata ? `<Metadata>${elements(metadata)}</Metadata>` : "") +
    "</Blob>"
  );
}

const common = (entry: Entry): string =>
  elements({
    "Creation-Time": entry.createdAt.toUTCString(),
    "Last-Modified": entry.modifiedAt.toUTCString(),
    // Without quotes in lists, with quotes in headers: so on Azure.
    Etag: entry.etag,
    ResourceType: entry.isDirectory ? "directory" : "file",
  });
