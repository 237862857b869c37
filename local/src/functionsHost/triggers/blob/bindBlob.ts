import { dotnetInstant } from "../shared/dotnetTime.ts";
import type { AppFunction } from "../../app/appFunctions.ts";
import type { Host } from "../hostContext.ts";
import type { Call } from "../../worker/index.ts";
import { json, type TypedData } from "../../worker/typedData.ts";

/** What a function sees of a blob. */
export function bindBlob(
  host: Host,
  fn: AppFunction,
  blob: { path: string; response: Response; bytes: Uint8Array },
  names: Readonly<Record<string, string>>,
): Call {
  const { path, response, bytes } = blob;
  const { headers } = response;
  const metadata: Record<string, string> = {};
  for (const [name, value] of headers)
    if (name.startsWith("x-ms-meta-"))
      metadata[name.slice("x-ms-meta-".length)] = value;
  const triggerMetadata: Record<string, TypedData> = {
    BlobTrigger: { string: path },
    Uri: json(response.url),
    Properties: json(propertiesOf(headers, bytes.length)),
    Metadata: json(metadata),
  };
  for (const [name, value] of Object.entries(names))
    triggerMetadata[name] = { string: value };
  return { inputData: host.inputsOf(fn, { bytes }), triggerMetadata };
}

/** Of .NET's BlobProperties; enumerations are numbers there, and 0 is a block blob, available, unlocked. */
const propertiesOf = (headers: Headers, length: number): object => ({
  LastModified: time(headers.get("last-modified")),
  CreatedOn: time(headers.get("x-ms-creation-time")),
  ContentLength: length,
  ContentType: headers.get("content-type"),
  ContentEncoding: headers.get("content-encoding"),
  ContentHash: headers.get("content-md5"),
  ETag: headers.get("etag"),
  BlobType: 0,
  LeaseState: 0,
  LeaseStatus: 1,
});

const time = (value: string | null): string | null =>
  value === null ? null : dotnetInstant(new Date(value));
