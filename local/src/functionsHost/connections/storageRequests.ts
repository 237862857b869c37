import type { Host } from "../triggers/hostContext.ts";

const RESOURCE = "https://storage.azure.com/";
const VERSION = "2023-11-03";

interface StorageRequest {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** Requests to a storage endpoint with the host's identity. Answers of any status are returned. */
export type Storage = (
  method: string,
  path: string,
  request?: StorageRequest,
) => Promise<Response>;

export function storageAt(host: Host, serviceUri: string): Storage {
  const base = serviceUri.replace(/\/+$/, "");
  return async (method, path, { query = {}, body, signal } = {}) => {
    const { value } = await host.identity.token(RESOURCE);
    const encoded = path.split("/").map(encodeURIComponent).join("/");
    const search = new URLSearchParams(query).toString();
    return fetch(`${base}/${encoded}${search === "" ? "" : `?${search}`}`, {
      method,
      headers: {
        authorization: `Bearer ${value}`,
        "x-ms-version": VERSION,
        ...(body !== undefined && { "content-type": "application/xml" }),
      },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
  };
}

/** An answer that must not be: the storage's own code and message. */
export async function unexpected(
  what: string,
  response: Response,
): Promise<Error> {
  const code = response.headers.get("x-ms-error-code") ?? "";
  await response.body?.cancel();
  return new Error(`${what} failed: ${response.status} ${code}`);
}
