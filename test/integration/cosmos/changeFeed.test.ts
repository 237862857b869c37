import {
  ChangeFeedMode,
  ChangeFeedStartFrom,
  type ChangeFeedPullModelIterator,
  type Container,
} from "@azure/cosmos";
import {
  startCosmos,
  statusOf,
  type LocalCosmos,
} from "../../support/cosmos.ts";

let platform: LocalCosmos;
let container: Container;

beforeAll(async () => {
  platform = await startCosmos();
});
afterAll(() => platform.stop());
beforeEach(async () => {
  container = await platform.aContainer({ defaultTtl: -1 });
});

const write = (id: string, partition = "p") =>
  container.items.upsert({ id, partition });

interface Item {
  readonly id: string;
}

/** Ids up to the first answer that has none, and the token that goes on from there. */
async function drain(iterator: ChangeFeedPullModelIterator<Item>) {
  const ids: string[] = [];
  for (;;) {
    const page = await iterator.readNext();
    ids.push(...page.result.map(({ id }) => id));
    if (page.statusCode === 304) return { ids, token: page.continuationToken };
  }
}

type Start = ReturnType<
  (typeof ChangeFeedStartFrom)["Beginning" | "Now" | "Time" | "Continuation"]
>;

const feed = (changeFeedStartFrom: Start, maxItemCount = 2) =>
  container.items.getChangeFeedIterator<Item>({
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- The SDK's classes do not extend the one they are passed as.
    changeFeedStartFrom,
    maxItemCount,
  });

describe("the change feed", () => {
  test("from the beginning it holds each document once, at its newest version", async () => {
    for (const id of ["a", "b", "c", "a", "d"]) await write(id);
    await container.item("b", "p").delete();
    expect((await drain(feed(ChangeFeedStartFrom.Beginning()))).ids).toEqual([
      "c",
      "a",
      "d",
    ]);
  });

  test("from now it holds what is written later", async () => {
    await write("a");
    const iterator = feed(ChangeFeedStartFrom.Now());
    expect((await drain(iterator)).ids).toEqual([]);
    await write("b");
    await write("a");
    expect((await drain(iterator)).ids).toEqual(["b", "a"]);
  });

  test("a continuation goes on where it was, also after a restart", async () => {
    await write("a");
    const { token } = await drain(feed(ChangeFeedStartFrom.Beginning()));
    await platform.restart();
    await write("b");
    const { ids } = await drain(feed(ChangeFeedStartFrom.Continuation(token)));
    expect(ids).toEqual(["b"]);
  });

  test("of a partition key it holds that key only", async () => {
    await write("a", "p");
    await write("b", "q");
    await write("c", "p");
    const { ids, token } = await drain(
      feed(ChangeFeedStartFrom.Beginning("p")),
    );
    expect(ids).toEqual(["a", "c"]);
    await write("d", "q");
    await write("e", "p");
    expect(
      (await drain(feed(ChangeFeedStartFrom.Continuation(token)))).ids,
    ).toEqual(["e"]);
  });

  test("from a time it holds what was written since", async () => {
    await write("a");
    await platform.clock.advance(5000);
    const since = new Date(platform.clock.now());
    await write("b");
    expect((await drain(feed(ChangeFeedStartFrom.Time(since)))).ids).toEqual([
      "b",
    ]);
  });

  test("a feed range of the whole container is the whole container", async () => {
    await write("a");
    const [range] = await container.getFeedRanges();
    if (!range) throw new Error("A container has a feed range.");
    expect(
      (await drain(feed(ChangeFeedStartFrom.Beginning(range)))).ids,
    ).toEqual(["a"]);
  });

  test("all versions and deletes are refused, not left out", async () => {
    const iterator = container.items.getChangeFeedIterator({
      changeFeedMode: ChangeFeedMode.AllVersionsAndDeletes,
    });
    expect(await statusOf(iterator.readNext())).toBe(400);
  });
});
