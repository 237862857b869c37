import { HttpResponse } from "@azure/functions";

const encoder = new TextEncoder();

interface JsonAnswer {
  /** A text is JSON already. */
  readonly body: object | string;
  readonly status?: number;
  readonly etag?: string;
  readonly contentType?: string;
}

/**
 * An answer as the library hands it to the host: status, headers, bytes. The library's own way goes through a web
 * response and its stream, which costs a tenth of a millisecond, a tenth of a point read.
 */
export class JsonResponse extends HttpResponse {
  override readonly status: number;
  override readonly headers: Headers;
  override readonly arrayBuffer: () => Promise<ArrayBuffer>;

  constructor({
    body,
    status = 200,
    etag,
    contentType = "application/json",
  }: JsonAnswer) {
    super();
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const { buffer } = encoder.encode(text);
    this.status = status;
    this.headers = new Headers({ "content-type": contentType });
    if (etag !== undefined) this.headers.set("etag", etag);
    this.arrayBuffer = () => Promise.resolve(buffer);
  }
}
