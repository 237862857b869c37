import type { IncomingHttpHeaders } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { createWebhooks } from "../../../src/adapters/webhooks/index.ts";
import { ensureCertificate } from "../../../local/src/shared/tls.ts";
import { CERTIFICATES } from "../../support/lake.ts";

interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let address: string;
const received: Received[] = [];

/** A receiver over TLS that answers what its path says. */
beforeAll(async () => {
  server = createServer(
    { ...(await ensureCertificate(CERTIFICATES)) },
    (request, response) => {
      const { url = "", headers } = request;
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        received.push({ url, headers, body });
        response
          .writeHead(Number(url.slice(1)), { location: "/200" })
          .end("thank you");
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  address = `https://127.0.0.1:${port}`;
});
beforeEach(() => {
  received.length = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test("a body arrives with its headers, byte by byte", async () => {
  const body = JSON.stringify({ text: "ä\u2028" });
  const headers = { "content-type": "application/cloudevents+json" };
  const status = await createWebhooks().post(`${address}/202`, headers, body);
  expect(status).toBe(202);
  expect(received).toMatchObject([{ url: "/202", headers, body }]);
});

test.each([[301], [307], [410], [500]])(
  "an answer of %i is the answer: no redirect is followed",
  async (expected) => {
    const status = await createWebhooks().post(
      `${address}/${expected}`,
      {},
      "",
    );
    expect(status).toBe(expected);
    expect(received).toHaveLength(1);
  },
);

test("a receiver that is not there is an error", async () => {
  await expect(
    createWebhooks().post("https://127.0.0.1:1/", {}, ""),
  ).rejects.toThrow("fetch failed");
});
