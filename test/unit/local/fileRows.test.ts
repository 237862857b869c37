import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { countRows } from "../../../local/src/reconciliation/fileRows.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "assay-files-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const CSV = { kind: "csv", delimiter: ",", quote: '"', encoding: "utf-8" };

const counted = (
  content: string | Buffer,
  format: object = {},
): Promise<number | undefined> => {
  const path = join(dir, "file");
  writeFileSync(path, content);
  return countRows(path, { ...CSV, ...format });
};

test.each([
  ["a,b\n1,2\n3,4\n", 2],
  ['a,b\r\n1,"two\r\nlines, ""quoted"""\r\n', 1],
  ["a,b\r\n1,2\n3,4", 2],
  ["a,b\r1,2\r3,4\r", 2],
  ["a,b\n\n1,2", 1],
  ['a,b\n1,5" pipe\n2,x\n', 2],
  ['a,b\n1,"x"y,"\n2,x\n', 2],
  ['a,b\n1,"open\n2,"x"\n3,x\n', 2],
  ["sep=;\na;b\n1;2\n", 1],
  ["", 0],
  [gzipSync("a,b\n1,2\n3,4\n"), 2],
])(
  "rows of a CSV are its records below the header (%#)",
  async (text, rows) => {
    expect(await counted(text)).toBe(rows);
  },
);

test.each([
  ["1,2\n3,4\n", { columns: ["a", "b"] }, 2],
  ["Title\n\na,b\n1,2\n", { skipLines: 2 }, 1],
  ["a'b\n1,'x\ny'\n", { quote: "'" }, 1],
  [Buffer.from("\ufeffa,b\n1,2\n", "utf16le"), { encoding: "utf-16le" }, 1],
  [Buffer.from("\ufeffa,b\n1,2\n", "utf16le"), { encoding: "utf-16" }, 1],
  [
    Buffer.from("\ufeffa,b\n1,2\n", "utf16le").swap16(),
    { encoding: "utf-16" },
    1,
  ],
  ["[1, [2], {}]", { kind: "json" }, 3],
  ['{"a": [1, 2]}', { kind: "json" }, 1],
  ["[1, 2", { kind: "json" }, undefined],
  ["{}\r\n\n{}", { kind: "ndjson" }, 2],
  [gzipSync("{}\n{}\n"), { kind: "ndjson" }, 2],
  ["no Avro", { kind: "avro" }, undefined],
  ["anything", { kind: "parquet" }, undefined],
  ["anything\nat all", { kind: "reference" }, 1],
  ["", { kind: "reference" }, 1],
])("rows are counted as the format says (%#)", async (text, format, rows) => {
  expect(await counted(text, format)).toBe(rows);
});

test("a CSV without quotes has a record a line", async () => {
  const path = join(dir, "file");
  writeFileSync(path, 'a\n"x\ny"\n');
  expect(await countRows(path, { kind: "csv" })).toBe(2);
});
