import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { ErrorName } from "./errors.ts";
import { fail } from "./errors.ts";
import type { Address } from "./names.ts";
import { parseQuery } from "./sharedKey.ts";

/** A request, read as far as its head. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly method: string;
  /** As they stood on the wire: what signatures are over. */
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly requestId: string;
  readonly #query: ReadonlyMap<string, string[]>;
  address: Address = { container: "", path: "" };

  constructor(request: IncomingMessage, requestId: string) {
    const url = request.url ?? "/";
    const at = url.indexOf("?");
    this.request = request;
    this.method = request.method ?? "";
    this.rawPath = at < 0 ? url : url.slice(0, at);
    this.rawQuery = at < 0 ? "" : url.slice(at + 1);
    this.requestId = requestId;
    this.#query = parseQuery(this.rawQuery);
  }

  query(name: string): string | undefined {
    return this.#query.get(name)?.[0];
  }

  /** An empty header is an absent one, as on Azure: Python's SDK always sends an empty `x-ms-source-lease-id`. */
  header(name: string): string | undefined {
    const value = this.request.headers[name];
    const text = Array.isArray(value) ? value.join(",") : value;
    return text === "" ? undefined : text;
  }

  needQuery(name: string): string {
    return this.query(name) ?? fail("missingQuery", name);
  }

  needHeader(name: string): string {
    return this.header(name) ?? fail("missingHeader", name);
  }

  /** A whole number in a query parameter. */
  number(
    name: string,
    low: number,
    high: number,
    error: ErrorName = "outOfRangeQuery",
  ): number | undefined {
    const text = this.query(name);
    if (text === undefined) return undefined;
    if (!/^-?\d+$/.test(text)) fail("invalidQuery", name);
    const value = Number(text);
    if (value < low || value > high) fail(error, name);
    return value;
  }

  get contentLength(): number {
    const text = this.header("content-length");
    if (text === undefined) return fail("missingLength");
    return Number(text);
  }
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Uint8Array | Readable;
}

export const xmlReply = (body: string): Reply => ({
  status: 200,
  headers: { "content-type": "application/xml" },
  body: `<?xml version="1.0" encoding="utf-8"?>${body}`,
});
