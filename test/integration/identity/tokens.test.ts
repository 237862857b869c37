import {
  DefaultAzureCredential,
  ManagedIdentityCredential,
} from "@azure/identity";
import { tokenAuthority } from "../../../local/src/shared/tokens.ts";
import { startLake, type LocalLake } from "../../support/lake.ts";

let lake: LocalLake;
const SCOPE = "https://storage.azure.com/.default";
const RESOURCE = "https://storage.azure.com";

beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

const ask = (query: string, header?: string): Promise<Response> =>
  fetch(`${process.env["IDENTITY_ENDPOINT"] ?? ""}?${query}`, {
    headers: header === undefined ? {} : { "x-identity-header": header },
  });

test.each([
  ["the managed identity", () => new ManagedIdentityCredential()],
  ["the default chain", () => new DefaultAzureCredential()],
])("%s gets a token that the services accept", async (_, credential) => {
  const { token, expiresOnTimestamp } = await credential().getToken(SCOPE);
  expect(expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_000_000);
  const tokens = tokenAuthority(lake.stateDir);
  const caller = await tokens.verify(token, RESOURCE);
  expect(caller?.objectId).toMatch(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  );
  expect(await tokens.verify(token, "https://eventhubs.azure.net")).toBe(
    undefined,
  );
});

test("a caller without the header's value gets no token", async () => {
  const query = `api-version=2019-08-01&resource=${RESOURCE}`;
  expect((await ask(query)).status).toBe(401);
  expect((await ask(query, "wrong")).status).toBe(401);
});

test("another version, no resource and a user-assigned identity are refused", async () => {
  const header = process.env["IDENTITY_HEADER"];
  expect((await ask(`resource=${RESOURCE}`, header)).status).toBe(400);
  expect((await ask("api-version=2019-08-01", header)).status).toBe(400);
  const user = `api-version=2019-08-01&resource=${RESOURCE}&client_id=x`;
  expect((await ask(user, header)).status).toBe(400);
});
