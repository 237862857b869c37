import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastLines } from "../../../local/src/platform/lastLines.ts";

const dir = mkdtempSync(join(tmpdir(), "assay-lines-"));
afterAll(() => rmSync(dir, { recursive: true }));

test("of a log of megabytes the last lines are read, each shortened", () => {
  const path = join(dir, "spark.log");
  const lines = Array.from({ length: 50_000 }, (_, at) => `line ${at}`);
  writeFileSync(path, `${lines.join("\n")}\n\n${"x".repeat(500)}\n`);
  const [first, second = ""] = lastLines(path, 2);
  expect(first).toBe("line 49999");
  expect(second).toMatch(/^x{199}…$/);
  expect(lastLines(join(dir, "none.log"), 2)).toEqual([]);
});
