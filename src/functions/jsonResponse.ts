import { HttpResponse } from "@azure/functions";

const encoder = new TextEncoder();

/**
 * A row as the library hands it to the host: status, headers, bytes. The library's own way goes through a web
 * response and its stream, which costs a tenth of a millisecond, a tenth of a point read.
 */
export class JsonResponse extends HttpResponse {
  override readonly status = 200;
  override readonly headers: Headers;
  override readonly arrayBuffer: () => Promise<ArrayBuffer>;

  constructor(body: object, etag?: string) {
    super();
    const { buffer } = encoder.encode(JSON.stringify(body));
    this.headers = new Headers({ "content-type": "application/json" });
    if (etag !== undefined) this.headers.set("etag", etag);
    this.arrayBuffer = () => Promise.resolve(buffer);
  }
}
