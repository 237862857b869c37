import { jest } from "@jest/globals";
import { sharedKey } from "../../../local/src/shared/keys.ts";
import {
  notEmulated,
  operations,
} from "../../../local/src/services/cosmos/operations/index.ts";
import { runClients, type Outcomes } from "../../support/clients.ts";
import { startCosmos, type LocalCosmos } from "../../support/cosmos.ts";
import { expectCoverage, Witnesses } from "../../support/coverage.ts";
import { useCosmosFromJavaScript } from "./cosmos.ts";

jest.setTimeout(60_000);

const witnesses = new Witnesses();
let cosmos: LocalCosmos;
const clients: Partial<Record<"newest" | "older", Outcomes>> = {};

beforeAll(async () => {
  cosmos = await startCosmos({ witness: witnesses.record });
  const settings = {
    COSMOS_URL: cosmos.endpoint,
    COSMOS_KEY: sharedKey(cosmos.stateDir),
    // The client checks no certificate of an address on the machine itself, and warns of it at each request.
    PYTHONWARNINGS: "ignore",
  };
  clients.newest = await runClients("cosmos.py", settings);
  clients.older = await runClients("cosmos.py", settings, { older: true });
  await useCosmosFromJavaScript(cosmos);
});
afterAll(() => cosmos.stop());

const CROSS_PARTITION =
  "Cross partition query is required but disabled. Please set x-ms-documentdb-query-enablecrosspartition to true, specify x-ms-documentdb-partitionkey, or revise your query to avoid this exception.";

describe.each([
  ["newest", "4.17.1"],
  ["older", "4.9.0"],
] as const)("Python's %s client", (age, release) => {
  const value = (step: string): unknown => clients[age]?.value(step);

  test("is the release that it ought to be", () => {
    expect(value("release")).toBe(release);
  });

  test("makes, lists, asks for and deletes databases and containers", () => {
    expect(value("databases")).toEqual([true, ["short"], [404, null]]);
    expect(value("containers")).toEqual([
      ["items", "numbers", "short"],
      ["short"],
      120,
      [404, 1003],
    ]);
  });

  test("writes and reads items", () => {
    expect(value("write_and_read_items")).toEqual({
      numbers: [1, 2, 3, 7, 7],
      again: [409, null],
      gone: [404, null],
      listed: ["one"],
    });
  });

  test("changes an item only while its ETag is the one that it knows", () => {
    const refused = [412, null];
    expect(value("conditions")).toEqual([
      [refused, refused, refused, refused],
      3,
      refused,
    ]);
  });

  test("does all of a batch", () => {
    expect(value("execute_a_batch")).toEqual([
      [201, 201, 200, 200, 200, 204],
      3,
      ["a"],
    ]);
  });

  test("does nothing of a batch that fails, and hears which operation failed", () => {
    expect(value("a_failed_batch_persists_nothing")).toEqual([
      3,
      [424, 424, 424, 409, 424],
      ["there"],
      true,
      ["there"],
    ]);
  });

  test("meets in a batch the ETags that the batch itself has made", () => {
    expect(value("etags_hold_inside_a_batch")).toEqual([
      [1, [424, 412]],
      1,
      [0, [412]],
      2,
    ]);
  });

  test("queries with parameters, one key and all, page by page", () => {
    expect(value("query_with_parameters")).toEqual({
      "one key": ["10", "07"],
      "all keys": ["11", "10", "09", "08", "07", "06"],
      count: [12],
      groups: [18, 22, 26].map((sum, i) => ({ partition: `p${i}`, sum })),
    });
    expect(value("query_page_by_page")).toEqual([["01", "04", "07"], [["10"]]]);
  });

  test("may cross partitions only when it says so, or when its query names one key", () => {
    const refusal = clients[age]?.refusal("cross_partitions_unasked");
    expect(refusal?.status).toBe(400);
    expect(refusal?.message).toContain(CROSS_PARTITION);
    expect(value("a_query_for_one_key_crosses_nothing")).toEqual(["08", "11"]);
  });

  test("reads the change feed from the beginning, behind a token and of one key", () => {
    expect(value("ranges")).toBe(1);
    const twelve = Array.from({ length: 12 }, (_, i) =>
      String(i).padStart(2, "0"),
    );
    expect(value("change_feed")).toEqual({
      first: twelve,
      later: ["11", "12"],
      lsn: [13, 14],
      nothing: [],
      "one key": ["02", "05", "08", "11"],
    });
  });

  test("hears that what the account does not have is refused", () => {
    const names = Object.keys(
      value("what_is_not_done_is_refused") as Record<string, number>,
    );
    expect(value("what_is_not_done_is_refused")).toEqual(
      Object.fromEntries(names.map((name) => [name, 400])),
    );
  });
});

test("the change feed of one key holds that key, whatever its type", () => {
  expect(clients.newest?.value("change_feed_of_every_kind_of_key")).toEqual([]);
  // The older client hashes whole numbers in another way than the service.
  expect(clients.older?.value("change_feed_of_every_kind_of_key")).toEqual([
    [1, []],
  ]);
});

test("a hierarchical key and a prefix of one are read, queried and followed", () => {
  const [whole, part] = [["1"], ["1", "2"]];
  expect(clients.newest?.value("hierarchical_keys")).toEqual([
    whole,
    part,
    whole,
    part,
  ]);
});

test("the change feed of all versions is refused, not answered with the latest", () => {
  expect(clients.newest?.refusal("all_versions").message).toContain(
    "latest version mode only",
  );
});

test("COVERAGE.md says of each operation who has seen it work, and no for everything else", () =>
  expectCoverage({
    service: "cosmos",
    witnesses,
    done: Object.keys(operations),
    refused: Object.keys(notEmulated),
  }));
