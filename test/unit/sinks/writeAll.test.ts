import { tombstoneOf } from "../../../src/domain/documents.ts";
import { fenceOf } from "../../../src/domain/fences.ts";
import { writeAll } from "../../../src/sinks/cosmos/writeAll.ts";
import { memoryStore } from "../../support/app/memoryStore.ts";

const FENCE = fenceOf("20260101T000000000Z-abcdef", 2);

const aWrite = (id: string, kind: "create" | "patch" = "create") => ({
  kind,
  bytes: 10,
  document: { ...tombstoneOf({ partition: "ORD", id }, 2, FENCE) },
});

test("a group that is refused for one document of it is sent one by one", async () => {
  const store = memoryStore();
  const write = store.write.bind(store);
  // What Cosmos DB does with a request of many that is too large as a whole.
  store.write = async (container, writes) =>
    writes.length > 50
      ? writes.map(() => ({ status: 413, substatus: 0 }))
      : write(container, writes);
  store.refuses = (_container, { document }) =>
    document.id === "7" ? { status: 413, substatus: 0 } : undefined;
  const writes = Array.from({ length: 60 }, (_, index) => aWrite(`${index}`));
  const written = await writeAll(store, "c", writes);
  const refused = written.flatMap(({ end }, index) =>
    end === "refused" ? [index] : [],
  );
  expect(refused).toEqual([7]);
  expect(store.documents.size).toBe(59);
});

test("a create that meets a document and a patch that meets none become each other", async () => {
  const store = memoryStore();
  await writeAll(store, "c", [aWrite("a")]);
  const written = await writeAll(store, "c", [
    aWrite("a"),
    aWrite("b", "patch"),
    aWrite("c"),
  ]);
  expect(written.map(({ end }) => end)).toEqual(new Array(3).fill("deleted"));
  expect(written.map(({ isExpected }) => isExpected)).toEqual([
    false,
    false,
    true,
  ]);
});

test("documents that come and go under the writer end in an error, not in rounds without an end", async () => {
  const store = memoryStore();
  let turn = 0;
  store.write = (_container, writes) => {
    turn += 1;
    return Promise.resolve(
      writes.map(({ kind }) => ({
        status: kind === "create" ? 409 : 404,
        substatus: 0,
      })),
    );
  };
  await expect(writeAll(store, "c", [aWrite("a")])).rejects.toMatchObject({
    code: "STORE_REFUSED",
  });
  expect(turn).toBeLessThan(10);
});
