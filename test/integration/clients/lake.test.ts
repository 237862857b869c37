import { jest } from "@jest/globals";
import { sharedKey } from "../../../local/src/shared/keys.ts";
import type { Operation } from "../../../local/src/services/lake/lake.ts";
import {
  allQueueOperations,
  lakeOperations,
} from "../../../local/src/services/lake/operations/index.ts";
import { operations as identityOperations } from "../../../local/src/services/identity/operations.ts";
import { runClients, type Outcomes } from "../../support/clients.ts";
import { expectCoverage, Witnesses } from "../../support/coverage.ts";
import { startLake, type LocalLake } from "../../support/lake.ts";
import { plainly, useLakeFromJavaScript } from "./lake.ts";

jest.setTimeout(60_000);

const witnesses = new Witnesses();
let lake: LocalLake;
let python: Outcomes;
let tables: Outcomes;

beforeAll(async () => {
  lake = await startLake({ witness: witnesses.record });
  const settings = {
    LAKE_URL: lake.lakeUrl,
    QUEUE_URL: lake.queueUrl,
    LAKE_KEY: sharedKey(lake.stateDir),
  };
  python = await runClients("lake.py", settings);
  tables = await runClients("tables.py", settings);
  await useLakeFromJavaScript(lake);
});
afterAll(() => lake.stop());

test("Python makes, lists and removes containers and filesystems", () => {
  expect(python.value("containers")).toEqual(["lake", "python"]);
  expect(python.value("filesystems")).toEqual(["lake", "pythons"]);
});

test("Python writes and reads blobs, whole, in ranges and in blocks", () => {
  expect(python.value("write_and_read_a_blob")).toEqual({
    bytes: "0123456789",
    metadata: { Key: "value" },
    type: "text/plain",
    cache: "no-cache",
    again: [409, "BlobAlreadyExists"],
  });
  expect(python.value("stage_blocks")).toEqual(["<b><a>", ["b", "a"], []]);
  expect(python.value("list_with_metadata")).toEqual({
    "python/one.txt": { a: "4" },
  });
  expect(python.value("delete_blobs")).toEqual([404, "BlobNotFound"]);
});

test("a range comes with its own digest when it is asked for", async () => {
  expect(python.value("read_ranges_with_their_digests")).toEqual([true, true]);
  const read = (headers: Record<string, string>): Promise<Response> =>
    plainly(lake.lakeUrl, lake.credential, "GET", "/lake/python/ranges.bin", {
      "x-ms-range-get-content-md5": "true",
      ...headers,
    });
  const part = await read({ range: "bytes=0-0" });
  expect(part.headers.get("content-md5")).toBe("k7iFrf4NoInN9jSQT9WfcQ==");
  expect(part.headers.get("x-ms-blob-content-md5")).toMatch(/==$/);
  const wrong = { status: 400, code: "InvalidHeaderValue" };
  for (const headers of [{}, { range: "bytes=0-4194304" }]) {
    const { status, headers: answered } = await read(headers);
    const code = answered.get("x-ms-error-code");
    expect({ status, code }).toEqual(wrong);
  }
});

test("Last-Modified moves with every change of metadata and properties, and a 304 knows it", () => {
  expect(python.value("last_modified_moves_with_every_change")).toEqual([]);
  expect(python.value("a_change_of_metadata_is_no_304")).toEqual([
    [304, "ConditionNotMet"],
    { a: "4" },
  ]);
});

test("conditions hold, and empty ones are none", () => {
  expect(python.value("conditions")).toEqual([[412, "ConditionNotMet"], "2"]);
  expect(python.value("empty_conditions_and_leases_are_none")).toBe("1");
});

test("deleting the snapshots of a blob only leaves the blob", () => {
  expect(python.value("delete_snapshots_only")).toEqual([
    true,
    false,
    [404, "BlobNotFound"],
  ]);
});

test("a list begins with the name that it is to start from", () => {
  expect(python.value("list_from_a_name")).toEqual({
    exact: ["b/2", "c"],
    between: ["b/2", "c"],
    beyond: [],
    before: 5,
    pages: ["b/1", "b/2", "c"],
    flat: ["b/", "c"],
    "two levels of a flat list": [400, "InvalidQueryParameterValue"],
  });
});

test("Python writes, lists, renames and deletes paths, and the root is one", () => {
  expect(python.value("paths")).toEqual({
    bytes: "hello world",
    metadata: { Key: "value" },
    listed: ["python/paths/one.txt", "python/paths/two.txt"],
    from: ["python/paths/two.txt"],
  });
  expect(python.value("rename_paths")).toEqual([
    false,
    "python/paths/renamed.txt",
    ["python/moved/renamed.txt", "python/moved/two.txt"],
  ]);
  expect(python.value("the_root_is_a_directory")).toEqual([
    true,
    { hdi_isfolder: "true" },
  ]);
  expect(python.value("delete_paths")).toEqual([
    [404, "PathNotFound"],
    [404, "PathNotFound"],
  ]);
});

test("a header that is not done is refused by its name, and nothing is written", () => {
  const refused = [501, true];
  expect(python.value("headers_that_are_not_done_are_refused_by_name")).toEqual(
    [
      {
        "x-ms-encryption-context": refused,
        "x-ms-default-encryption-scope": refused,
        "x-ms-lease-action": refused,
        "x-ms-access-tier": refused,
        "x-ms-unheard-of": refused,
      },
      false,
    ],
  );
});

test("Python sends and receives messages, and is the app by its managed identity", () => {
  expect(python.value("use_queues")).toEqual([
    ["two", "new"],
    2,
    ["python"],
    "python",
  ]);
  expect(python.value("read_as_the_app")).toBe(true);
});

test("deltalake writes, reads and changes a table", () => {
  expect(tables.value("write_a_table")).toBe(2);
  const [aachen, bonn, celle] = ["Aachen", "Bonn", "Celle"].map((name) => [
    name,
    1,
  ]);
  expect(tables.value("read_a_table")).toEqual([
    [aachen, bonn, celle],
    [aachen, bonn],
    3,
  ]);
  expect(tables.value("change_a_table")).toEqual([
    [
      ["Aachen", 1],
      ["Celle", 2],
    ],
    ["WRITE", "WRITE", "WRITE", "DELETE", "UPDATE"],
  ]);
  expect(tables.refusal("write_a_table_that_exists").message).toContain(
    "already exists",
  );
});

test("adlfs writes, seeks, lists and removes files", () => {
  expect(tables.value("use_as_a_filesystem")).toEqual({
    middle: [2, 3],
    size: 5 * 2 ** 20,
    found: ["lake/python/files/large.bin", "lake/python/files/small.txt"],
    small: false,
    listed: ["lake/python/files/large.bin"],
  });
});

const refused = (operations: readonly Operation[]): readonly Operation[] =>
  operations.filter(({ run }) => run === undefined);

test.each([
  ["lake", lakeOperations],
  ["queue", allQueueOperations],
] as const)(
  "COVERAGE.md of the %s says of each operation who has seen it work, and no for everything else",
  (heading, operations) =>
    expectCoverage({
      service: "lake",
      heading,
      witnesses,
      done: operations.filter(({ run }) => run).map(({ name }) => name),
      refused: refused(operations).map(({ name }) => name),
    }),
);

test("COVERAGE.md of the identity says who has seen it work", () =>
  expectCoverage({
    service: "identity",
    witnesses,
    done: Object.keys(identityOperations),
    refused: [],
  }));

test.each([
  ...refused(lakeOperations).map((one) => ["lake", one.name, one] as const),
  ...refused(allQueueOperations).map(
    (one) => ["queue", one.name, one] as const,
  ),
])(
  "what the %s does not do is refused by its name: %s",
  async (endpoint, name, { match }) => {
    const path = { account: "/", container: "/lake", path: "/lake/x" };
    const filled = (pairs: Operation["match"]["query"]): [string, string][] =>
      Object.entries(pairs ?? {}).map(([key, value]) => [
        key,
        value === true ? "x" : value,
      ]);
    const query = new URLSearchParams(filled(match.query));
    const response = await plainly(
      endpoint === "lake" ? lake.lakeUrl : lake.queueUrl,
      lake.credential,
      match.method,
      `${path[match.level]}?${query.toString()}`,
      Object.fromEntries(filled(match.header)),
    );
    expect(response.status).toBe(501);
    if (match.method !== "HEAD") expect(await response.text()).toContain(name);
  },
);
