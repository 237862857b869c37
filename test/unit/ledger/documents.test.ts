import {
  createDocument,
  createOrAdopt,
  findDocument,
  findDocumentWithEtag,
  needDocument,
  replaceDocument,
} from "../../../src/ledger/documents.ts";
import { memoryLake } from "../../support/app/memoryLake.ts";

const PATH = "_assay/x.json";
const first = { version: 3, value: 1 };
const second = { version: 3, value: 2 };

/** Documents of no kind that has a schema. */
const aLake = () => memoryLake(() => 0, false);

test("a document is created once, and whoever comes later goes on with the winner's", async () => {
  const lake = aLake();
  expect(await createOrAdopt(lake, PATH, first)).toEqual(first);
  expect(await createOrAdopt(lake, PATH, second)).toEqual(first);
  expect(await createDocument(lake, PATH, second)).toBe(false);
  expect(await findDocument(lake, PATH)).toEqual(first);
});

test("a document is replaced on condition that it is still the one that was read, or whatever it is", async () => {
  const lake = aLake();
  await createDocument(lake, PATH, first);
  const found = await findDocumentWithEtag(lake, PATH);
  expect(found?.document).toEqual(first);
  expect(await replaceDocument(lake, PATH, second, found?.etag)).toBe(true);
  expect(await replaceDocument(lake, PATH, first, found?.etag)).toBe(false);
  expect(await needDocument(lake, PATH)).toEqual(second);
  expect(await replaceDocument(lake, PATH, first)).toBe(true);
});

test("what is not there is undefined, or an error with its path where it is needed", async () => {
  const lake = aLake();
  expect(await findDocument(lake, PATH)).toBeUndefined();
  expect(await findDocumentWithEtag(lake, PATH)).toBeUndefined();
  await expect(needDocument(lake, PATH)).rejects.toMatchObject({
    code: "STATE_MISSING",
    message: expect.stringContaining(PATH) as string,
  });
});

test.each([
  ['{"version":2}', "it has version 2, this one reads version 3"],
  ['{"version":"3"}', "it has no version"],
  ["{}", "it has no version"],
  ["[", "it holds no JSON object"],
  ["null", "it holds no JSON object"],
  ["7", "it holds no JSON object"],
])(
  "%s is no document of this version, told with its path",
  async (text, why) => {
    const lake = aLake();
    lake.drop(PATH, text);
    for (const read of [findDocument, findDocumentWithEtag]) {
      const told = await read(lake, PATH).catch((error: unknown) => error);
      expect(told).toMatchObject({ code: "STATE_VERSION" });
      expect(String(told)).toContain(PATH);
      expect(String(told)).toContain(why);
    }
  },
);

test("people can read a document: a key a line, and a last line that ends", async () => {
  const lake = aLake();
  await createDocument(lake, PATH, first);
  const text = lake.files.get(PATH)?.content.toString();
  expect(text).toBe('{\n "version": 3,\n "value": 1\n}\n');
});
