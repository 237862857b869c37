import {
  BlobServiceClient,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import fc from "fast-check";
import {
  cultureOrder,
  isSigned,
  parseQuery,
  type SignedRequest,
} from "../../../local/src/services/lake/sharedKey.ts";

const KEY = Buffer.alloc(32, 7).toString("base64");

/** What the SDK would put on the wire for one call. */
async function signedBySdk(
  call: (service: BlobServiceClient) => Promise<unknown>,
): Promise<SignedRequest> {
  let sent: SignedRequest | undefined;
  const service = new BlobServiceClient(
    "https://127.0.0.1:1/assay",
    new StorageSharedKeyCredential("assay", KEY),
    {
      retryOptions: { maxTries: 1 },
      httpClient: {
        sendRequest(request) {
          const url = new URL(request.url);
          const headers: Record<string, string> = {};
          for (const { name, value } of request.headers.headersArray())
            headers[name.toLowerCase()] = value;
          sent = {
            method: request.method,
            path: url.pathname,
            query: url.search.slice(1),
            headers,
          };
          throw new Error("Not sent.");
        },
      },
    },
  );
  await call(service).catch(() => undefined);
  if (!sent) throw new Error("The SDK sent nothing.");
  return sent;
}

const metadataName = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);
const text = fc.string({ unit: "grapheme-ascii", maxLength: 12 });

test("what the SDK signs is found signed, and no longer so when anything of it changes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(metadataName, fc.stringMatching(/^[a-zA-Z0-9=+,.]{1,9}$/)),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
      text,
      async (metadata, name, prefix) => {
        const put = await signedBySdk((service) =>
          service
            .getContainerClient("lake")
            .getBlockBlobClient(name)
            .upload("body", 4, { metadata }),
        );
        expect(isSigned("assay", KEY, put)).toBe(true);
        expect(isSigned("assay", KEY, { ...put, path: `${put.path}x` })).toBe(
          false,
        );
        const headers = { ...put.headers, "x-ms-meta-extra": "1" };
        expect(isSigned("assay", KEY, { ...put, headers })).toBe(false);
        const list = await signedBySdk((service) =>
          service
            .getContainerClient("lake")
            .listBlobsFlat({ prefix: `p${prefix}` })
            .next(),
        );
        expect(isSigned("assay", KEY, list)).toBe(true);
        expect(
          isSigned("assay", KEY, { ...list, query: `${list.query}&marker=1` }),
        ).toBe(false);
      },
    ),
    { numRuns: 60 },
  );
});

test("the order of header names is total", () => {
  const name = fc.stringMatching(/^[a-z0-9_-]{1,6}$/);
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(cultureOrder(a, b))).toBe(
        0 - Math.sign(cultureOrder(b, a)),
      );
      if (cultureOrder(a, b) <= 0 && cultureOrder(b, c) <= 0)
        expect(cultureOrder(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});

test("a query is read as a URI's: a plus sign stays, names are in lower case", () => {
  expect([...parseQuery("Comp=list&prefix=a%20b+c&x")]).toEqual([
    ["comp", ["list"]],
    ["prefix", ["a b+c"]],
    ["x", [""]],
  ]);
});
