import { request } from "node:https";
import { readFileSync } from "node:fs";
import type { TokenCredential } from "@azure/identity";
import {
  BlobServiceClient,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import {
  stringToSignLite,
  sign,
} from "../../../local/src/services/lake/sharedKey.ts";
import { sharedKey } from "../../../local/src/shared/keys.ts";
import { tokenAuthority } from "../../../local/src/shared/tokens.ts";
import {
  CERTIFICATES,
  refusalOf,
  startLake,
  type LocalLake,
} from "../../support/lake.ts";

let lake: LocalLake;

beforeAll(async () => {
  lake = await startLake();
  await lake.blobs
    .getContainerClient("lake")
    .getBlockBlobClient("x.txt")
    .upload("x", 1);
});
afterAll(() => lake.stop());

const once = { retryOptions: { maxTries: 1 } };

const rawPut = (
  path: string,
  headers: Record<string, string>,
  method = "GET",
): Promise<{ status: number; code: string; challenge: string }> =>
  new Promise((resolve, reject) => {
    request(
      {
        host: "127.0.0.1",
        port: lake.ports["lake"],
        path,
        method,
        headers,
        ca: readFileSync(`${CERTIFICATES}/localhost.crt`),
      },
      (response) => {
        response.resume();
        resolve({
          status: response.statusCode ?? 0,
          code: String(response.headers["x-ms-error-code"]),
          challenge: String(response.headers["www-authenticate"]),
        });
      },
    )
      .on("error", reject)
      .end();
  });

test("without authorization a request is challenged", async () => {
  const answer = await rawPut("/assay/lake/x.txt", {
    "x-ms-version": "2026-06-06",
  });
  expect(answer).toMatchObject({
    status: 401,
    code: "NoAuthenticationInformation",
  });
  expect(answer.challenge).toMatch(/^Bearer authorization_uri=/);
});

test("a token for another service is refused", async () => {
  const credential: TokenCredential = {
    async getToken() {
      const tokens = tokenAuthority(lake.stateDir);
      const issued = await tokens.issue("https://eventhubs.azure.net", {
        objectId: "someone",
      });
      return {
        token: issued.token,
        expiresOnTimestamp: issued.expiresOn * 1000,
      };
    },
  };
  const blobs = new BlobServiceClient(lake.lakeUrl, credential, once);
  expect(
    await refusalOf(blobs.getContainerClient("lake").getProperties()),
  ).toEqual({ status: 401, code: "InvalidAuthenticationInfo" });
});

test("a wrong key, a wrong account and an old date are refused", async () => {
  const refused = { status: 403, code: "AuthenticationFailed" };
  for (const credential of [
    new StorageSharedKeyCredential(
      "assay",
      Buffer.alloc(32).toString("base64"),
    ),
    new StorageSharedKeyCredential("other", sharedKey(lake.stateDir)),
  ]) {
    const blobs = new BlobServiceClient(lake.lakeUrl, credential, once);
    expect(
      await refusalOf(blobs.getContainerClient("lake").getProperties()),
    ).toEqual(refused);
  }
  const date = new Date(Date.now() - 16 * 60_000).toUTCString();
  expect(await rawPut("/assay/lake/x.txt", signedLite(date))).toMatchObject(
    refused,
  );
});

test("the lite form of a signature is checked too", async () => {
  const date = new Date().toUTCString();
  expect((await rawPut("/assay/lake/x.txt", signedLite(date))).status).toBe(
    200,
  );
  expect((await rawPut("/assay/lake/y.txt", signedLite(date))).status).toBe(
    403,
  );
});

function signedLite(date: string): Record<string, string> {
  const headers = { "x-ms-date": date, "x-ms-version": "2026-06-06" };
  const text = stringToSignLite("assay", {
    method: "GET",
    path: "/assay/lake/x.txt",
    query: "",
    headers,
  });
  const signature = sign(text, sharedKey(lake.stateDir));
  return { ...headers, authorization: `SharedKeyLite assay:${signature}` };
}

test("the signature covers headers with hyphens, digits and underscores as the SDK orders them", async () => {
  const client = lake.blobs
    .getContainerClient("lake")
    .getBlockBlobClient("order.txt");
  const metadata = { a_b: "1", ab: "2", a1: "3", a_: "4", abc: "5", z9: "6" };
  await client.upload("x", 1, { metadata });
  expect((await client.getProperties()).metadata).toEqual(metadata);
});

test.each([
  "..%2f..%2fkeys.json",
  "%2e%2e/keys.json",
  "a/%2e%2e/b",
  "a%5c..%5cb",
  "a%00b",
  "a//b",
])("the path %s leads nowhere", async (path) => {
  const { token } = await tokenAuthority(lake.stateDir).issue(
    "https://storage.azure.com",
    { objectId: "someone" },
  );
  const headers = { authorization: `Bearer ${token}` };
  const url = `/assay/lake/${path}`;
  expect([400, 404]).toContain((await rawPut(url, headers)).status);
  const put = await rawPut(
    url,
    { ...headers, "x-ms-blob-type": "BlockBlob", "content-length": "0" },
    "PUT",
  );
  expect(put.status).toBe(400);
});
