import type { Container, PatchOperation } from "@azure/cosmos";

import {
  startCosmos,
  statusOf,
  type LocalCosmos,
  type AnyPatchOperation,
} from "../../support/cosmos.ts";

let platform: LocalCosmos;
let container: Container;

beforeAll(async () => {
  platform = await startCosmos();
  container = await platform.aContainer();
});
afterAll(() => platform.stop());

let made = 0;

/** A document with these fields, patched: the fields after it. */
async function patched(
  fields: Record<string, unknown>,
  operations: AnyPatchOperation[],
): Promise<Record<string, unknown>> {
  const id = String(++made);
  await container.items.create({ id, partition: "p", ...fields });
  const { resource } = await container
    .item(id, "p")
    .patch<Record<string, unknown>>(operations as PatchOperation[]);
  return resource ?? {};
}

describe("patch", () => {
  test("set writes a property, nested ones too, and replaces an element", async () => {
    const after = await patched({ o: { a: 1 }, list: [1, 2] }, [
      { op: "set", path: "/n", value: null },
      { op: "set", path: "/o/b", value: { c: 2 } },
      { op: "set", path: "/list/0", value: 9 },
    ]);
    expect(after).toMatchObject({
      n: null,
      o: { a: 1, b: { c: 2 } },
      list: [9, 2],
    });
  });

  test("add inserts into an array or at its end", async () => {
    const after = await patched({ list: [1, 3] }, [
      { op: "add", path: "/list/1", value: 2 },
      { op: "add", path: "/list/-", value: 4 },
    ]);
    expect(after).toMatchObject({ list: [1, 2, 3, 4] });
  });

  test("incr counts from nothing and from a number", async () => {
    const after = await patched({ n: 1 }, [
      { op: "incr", path: "/n", value: 2.5 },
      { op: "incr", path: "/m", value: -1 },
    ]);
    expect(after).toMatchObject({ n: 3.5, m: -1 });
  });

  test("remove, replace and move change what is there", async () => {
    const after = await patched({ a: 1, b: 2, c: { d: 3 } }, [
      { op: "remove", path: "/a" },
      { op: "replace", path: "/b", value: 20 },
      { op: "move", from: "/c/d", path: "/e" },
    ]);
    expect(after).toMatchObject({ b: 20, c: {}, e: 3 });
    expect(after).not.toHaveProperty("a");
  });

  test("a path may have escaped characters", async () => {
    const after = await patched({}, [
      { op: "set", path: "/a~1b~0c", value: 1 },
    ]);
    expect(after).toMatchObject({ "a/b~c": 1 });
  });

  test.each<[string, AnyPatchOperation]>([
    ["replace of what is not there", { op: "replace", path: "/x", value: 1 }],
    ["remove of what is not there", { op: "remove", path: "/x" }],
    ["set below what is not there", { op: "set", path: "/x/y", value: 1 }],
    ["incr of a text", { op: "incr", path: "/text", value: 1 }],
    ["a change of the id", { op: "set", path: "/id", value: "z" }],
    [
      "a change of the partition key",
      { op: "set", path: "/partition", value: "z" },
    ],
    ["a change of a system property", { op: "set", path: "/_ts", value: 1 }],
    ["an index outside of the array", { op: "add", path: "/list/5", value: 1 }],
    ["a move into itself", { op: "move", from: "/o", path: "/o/p" }],
  ])("%s is refused with 400", async (_, operation) => {
    const fields = { text: "t", list: [], o: {} };
    expect(await statusOf(patched(fields, [operation]))).toBe(400);
  });

  test("more than ten operations are refused", async () => {
    const one: PatchOperation = { op: "incr", path: "/n", value: 1 };
    expect(
      await patched(
        {},
        Array.from({ length: 10 }, () => one),
      ),
    ).toMatchObject({ n: 10 });
    const many = Array.from({ length: 11 }, () => one);
    expect(await statusOf(patched({}, many))).toBe(400);
  });

  test("one failing operation leaves the document as it was", async () => {
    await container.items.create({ id: "whole", partition: "p", n: 1 });
    const patch = container.item("whole", "p").patch([
      { op: "set", path: "/n", value: 2 },
      { op: "remove", path: "/missing" },
    ]);
    expect(await statusOf(patch)).toBe(400);
    expect((await container.item("whole", "p").read()).resource).toMatchObject({
      n: 1,
    });
  });

  test("a condition decides whether the patch is applied", async () => {
    await container.items.create({
      id: "fenced",
      partition: "p",
      fence: "20260101/0000000002",
    });
    const item = container.item("fenced", "p");
    const patch = (fence: string) =>
      item.patch({
        condition: `FROM c WHERE c.fence <= "${fence}"`,
        operations: [{ op: "set", path: "/fence", value: fence }],
      });
    expect(await statusOf(patch("20260101/0000000001"))).toBe(412);
    expect((await patch("20260101/0000000002")).statusCode).toBe(200);
    expect((await patch("20260101/0000000010")).statusCode).toBe(200);
    expect(await statusOf(patch("20260101/0000000009"))).toBe(412);
  });

  test("a condition that is no query, or has a parameter, does not change the document", async () => {
    await container.items.create({ id: "c", partition: "p" });
    const item = container.item("c", "p");
    const operations: PatchOperation[] = [{ op: "set", path: "/n", value: 1 }];
    expect(
      await statusOf(item.patch({ condition: "c.n = 1", operations })),
    ).toBe(400);
    expect(
      await statusOf(
        item.patch({ condition: "FROM c WHERE c.id = @id", operations }),
      ),
    ).toBe(400);
  });

  test("a patch of what is not there is 404", async () => {
    const patch = container
      .item("nobody", "p")
      .patch([{ op: "set", path: "/n", value: 1 }]);
    expect(await statusOf(patch)).toBe(404);
  });
});
