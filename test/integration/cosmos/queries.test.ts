import type { Container, FeedOptions, SqlQuerySpec } from "@azure/cosmos";
import {
  inOneRequest,
  startCosmos,
  statusOf,
  type LocalCosmos,
} from "../../support/cosmos.ts";

let platform: LocalCosmos;
let container: Container;

beforeAll(async () => {
  platform = await startCosmos();
  container = await platform.aContainer({
    indexingPolicy: {
      includedPaths: [{ path: "/*" }],
      excludedPaths: [{ path: "/big/*" }],
      compositeIndexes: [
        [
          { path: "/g", order: "ascending" },
          { path: "/n", order: "descending" },
        ],
      ],
    },
  });
  await inOneRequest(
    container,
    Array.from({ length: 100 }, (_, n) => ({
      operationType: "Create" as const,
      partitionKey: `k${String(n % 5)}`,
      resourceBody: {
        id: `b${String(n)}`,
        partition: `k${String(n % 5)}`,
        n,
        g: n % 3,
        s: `name${String(n)}`,
        ...(n < 2 ? { tags: ["x", `y${String(n)}`] } : {}),
      },
    })),
  );
});
afterAll(() => platform.stop());

const all = async (query: string | SqlQuerySpec, options: FeedOptions = {}) =>
  (await container.items.query<unknown>(query, options).fetchAll()).resources;

describe("queries", () => {
  test("a filter with parameters stays in its partition", async () => {
    const spec = {
      query: "SELECT VALUE c.n FROM c WHERE c.n >= @from AND c.g = @g",
      parameters: [
        { name: "@from", value: 50 },
        { name: "@g", value: 1 },
      ],
    };
    expect(await all(spec, { partitionKey: "k1" })).toEqual([61, 76, 91]);
    expect(await all(spec)).toHaveLength(16);
  });

  test.each<[string, unknown[]]>([
    ["SELECT VALUE COUNT(1) FROM c", [100]],
    [
      "SELECT SUM(c.n) AS s, AVG(c.n) AS a, MIN(c.n) AS lo, MAX(c.n) AS hi FROM c",
      [{ s: 4950, a: 49.5, lo: 0, hi: 99 }],
    ],
    ["SELECT VALUE SUM(c.none) FROM c", [0]],
    ["SELECT VALUE MAX(c.none) FROM c", []],
    [
      "SELECT c.g, COUNT(1) AS n FROM c GROUP BY c.g",
      [
        { g: 0, n: 34 },
        { g: 1, n: 33 },
        { g: 2, n: 33 },
      ],
    ],
    [
      "SELECT DISTINCT VALUE c.partition FROM c",
      ["k0", "k1", "k2", "k3", "k4"],
    ],
    ["SELECT TOP 2 c.n FROM c ORDER BY c.n DESC", [{ n: 99 }, { n: 98 }]],
    ["SELECT VALUE c.n FROM c ORDER BY c.n OFFSET 10 LIMIT 3", [10, 11, 12]],
    [
      "SELECT VALUE c.n FROM c ORDER BY c.g ASC, c.n DESC OFFSET 0 LIMIT 2",
      [99, 96],
    ],
    [
      "SELECT c.id, t FROM c JOIN t IN c.tags",
      [
        { id: "b0", t: "x" },
        { id: "b0", t: "y0" },
        { id: "b1", t: "x" },
        { id: "b1", t: "y1" },
      ],
    ],
    [
      "SELECT VALUE c.n FROM c WHERE EXISTS(SELECT VALUE t FROM t IN c.tags WHERE t = 'y1')",
      [1],
    ],
    [
      "SELECT VALUE ARRAY(SELECT VALUE UPPER(t) FROM t IN c.tags) FROM c WHERE c.n = 0",
      [["X", "Y0"]],
    ],
    [
      "SELECT VALUE COUNT(1) FROM c JOIN (SELECT VALUE t FROM t IN c.tags WHERE t != 'x')",
      [2],
    ],
    [
      "SELECT VALUE (SELECT VALUE COUNT(1) FROM t IN c.tags) FROM c WHERE c.n = 1",
      [2],
    ],
    ["SELECT VALUE t FROM t IN c.tags", ["x", "y0", "x", "y1"]],
    [
      "SELECT VALUE c.n FROM c WHERE c.s LIKE 'name_' AND c.n BETWEEN 3 AND 5",
      [3, 4, 5],
    ],
    [
      "SELECT VALUE c.n FROM c WHERE c.id IN ('b7', 'b3') AND NOT IS_DEFINED(c.tags)",
      [3, 7],
    ],
    [
      "SELECT VALUE c.missing ?? c.n FROM c WHERE STARTSWITH(c.s, 'NAME99', true)",
      [99],
    ],
    [
      "SELECT VALUE ARRAY_CONTAINS(c.tags, 'x') FROM c WHERE c.n <= 2",
      [true, true],
    ],
    [
      "SELECT VALUE {n: c.n, none: c.none, list: [c.none, 1]} FROM c WHERE c.n = 4",
      [{ n: 4, list: [1] }],
    ],
    [
      "SELECT c.n + 1, c.n = 4 ? 'yes' : 'no' FROM c WHERE c.n = 4",
      [{ $1: 5, $2: "yes" }],
    ],
    ["SELECT c.none FROM c WHERE c.n = 4", [{}]],
    ["SELECT VALUE 1", [1]],
    ["SELECT VALUE r['n'] FROM ROOT r WHERE r[\"s\"] = 'name5'", [5]],
  ])("%s", async (query, expected) => {
    expect(await all(query)).toEqual(expected);
  });

  test.each([
    ["SELECT * FORM c", "SC1001"],
    ["SELECT c.value FROM c", "SC1001"],
    ["SELECT * FROM c WHERE d.n = 1", "SC2001"],
    ["SELECT NOSUCH(c.n) FROM c", "SC2005"],
    ["SELECT * FROM c JOIN t IN c.tags", "SC2040"],
    ["SELECT c.n, COUNT(1) FROM c", "SC2102"],
    ["SELECT VALUE c.n FROM c WHERE c.n = @forgotten", "SC2016"],
  ])("%s is refused, with code %s", async (query, code) => {
    await expect(all(query)).rejects.toMatchObject({
      code: 400,
      message: expect.stringContaining(code) as string,
    });
  });

  test("an order over two properties needs a composite index of just these orders or their reverse", async () => {
    expect(
      await all(
        "SELECT VALUE c.n FROM c ORDER BY c.g DESC, c.n ASC OFFSET 0 LIMIT 1",
      ),
    ).toEqual([2]);
    expect(
      await statusOf(all("SELECT * FROM c ORDER BY c.g ASC, c.n ASC")),
    ).toBe(400);
    expect(
      await statusOf(all("SELECT * FROM c ORDER BY c.n DESC, c.g ASC")),
    ).toBe(400);
    expect(await statusOf(all("SELECT * FROM c ORDER BY c.big.x"))).toBe(400);
  });
});

/** All pages of a query, each asked for with the token of the one before it, by a client of its own. */
async function pages(
  query: string,
  options: FeedOptions,
  between: () => Promise<void> = () => Promise.resolve(),
) {
  const result: unknown[][] = [];
  for (let token = ""; ;) {
    const page = await container.items
      .query<unknown>(query, {
        ...options,
        ...(token === "" ? {} : { continuationToken: token }),
      })
      .fetchNext();
    result.push(page.resources);
    await between();
    if (!page.continuationToken) return result;
    token = page.continuationToken;
  }
}

describe("continuation", () => {
  test("pages in a partition and across partitions hold each row once", async () => {
    const inOne = await pages("SELECT VALUE c.n FROM c", {
      partitionKey: "k1",
      maxItemCount: 7,
    });
    expect(inOne.map((page) => page.length)).toEqual([7, 7, 6]);
    const across = await pages("SELECT VALUE c.n FROM c", { maxItemCount: 30 });
    expect(across.flat()).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });

  test.each([
    "SELECT VALUE c.n FROM c ORDER BY c.n DESC",
    "SELECT VALUE c.n FROM c ORDER BY c.g ASC, c.n DESC",
    "SELECT DISTINCT VALUE c.n FROM c",
    "SELECT VALUE c.n FROM c OFFSET 5 LIMIT 50",
    "SELECT c.n, COUNT(1) AS count FROM c GROUP BY c.n",
    "SELECT VALUE t FROM c JOIN t IN c.tags",
  ])(
    "%s gives in pages what it gives at once, also after a restart",
    async (query) => {
      const whole = await all(query);
      let restarts = 0;
      const paged = await pages(query, { maxItemCount: 3 }, async () => {
        if (restarts++ === 0) await platform.restart();
      });
      expect(paged.flat()).toEqual(whole);
    },
  );

  test("writes between two pages neither repeat nor hide the rows that stay", async () => {
    let writes = 0;
    const paged = await pages(
      "SELECT VALUE c.n FROM c WHERE c.partition = 'k2' ORDER BY c.n",
      { maxItemCount: 5 },
      async () => {
        if (writes++ > 0) return;
        await container.item("b2", "k2").delete();
        await container
          .item("b97", "k2")
          .patch([{ op: "set", path: "/touched", value: true }]);
      },
    );
    expect(paged.flat()).toEqual(
      Array.from({ length: 20 }, (_, i) => 2 + 5 * i),
    );
  });

  test("a token of another query is refused", async () => {
    const { continuationToken } = await container.items
      .query("SELECT * FROM c", { maxItemCount: 1 })
      .fetchNext();
    const other = container.items
      .query("SELECT c.id FROM c", { continuationToken })
      .fetchNext();
    expect(await statusOf(other)).toBe(400);
  });

  test("the SDK's own query control works, with its tokens", async () => {
    const paged = await pages(
      "SELECT VALUE c.n FROM c WHERE c.n < 60 AND c.n != 2",
      { maxItemCount: 25, enableQueryControl: true },
    );
    expect(paged.flat()).toHaveLength(59);
  });

  test("readAll gives every document, page by page", async () => {
    const iterator = container.items.readAll({ maxItemCount: 40 });
    const ids = new Set<string | undefined>();
    while (iterator.hasMoreResults())
      for (const { id } of (await iterator.fetchNext()).resources) ids.add(id);
    expect(ids.size).toBe(99);
  });
});
