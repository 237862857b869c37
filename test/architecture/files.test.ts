import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { filesBelow } from "../support/app/imports.ts";

const FOLDERS = ["src", "local/src", "bench", "scripts", "test"];
const lengths = FOLDERS.flatMap((folder) =>
  [".ts", ".mjs"].flatMap((ending) => filesBelow(folder, ending)),
).map((path) => ({
  path,
  lines: readFileSync(path, "utf8").split("\n").length,
}));

test("no file has more than 400 lines", () => {
  expect(lengths.filter(({ lines }) => lines > 401)).toEqual([]);
});

test("the files of the app are small: half have at most 80 lines, nine of ten at most 200", () => {
  const app = lengths
    .filter(({ path }) => path.startsWith("src/"))
    .map(({ lines }) => lines)
    .sort((a, b) => a - b);
  expect(app[Math.floor(app.length * 0.5)]).toBeLessThanOrEqual(81);
  expect(app[Math.floor(app.length * 0.9)]).toBeLessThanOrEqual(201);
});

test("only the configuration reads the environment", () => {
  const readers = filesBelow("src", ".ts").filter((path) =>
    readFileSync(path, "utf8").includes("process.env"),
  );
  expect(readers).toEqual(["src/config.ts"]);
});

test("nothing in the app asks whether it runs on a laptop", () => {
  const asking = filesBelow("src", ".ts").filter((path) =>
    /\bis_?local|localhost|127\.0\.0\.1/i.test(readFileSync(path, "utf8")),
  );
  expect(asking).toEqual([]);
});

test("a file of functions registers one trigger, named as the file", () => {
  for (const file of readdirSync("src/functions")) {
    const name = basename(file, ".ts");
    if (["answers", "jsonResponse"].includes(name)) continue;
    const text = readFileSync(`src/functions/${file}`, "utf8");
    const registered = text.match(/\bapp\.\w+\(\s*["'`](\w+)/g) ?? [];
    expect(registered).toHaveLength(1);
    expect(registered[0]?.endsWith(name)).toBe(true);
    expect(text.split("\n").length).toBeLessThanOrEqual(61);
  }
});

test("every adapter of a vendor's service has the same files", () => {
  for (const adapter of ["lake", "cosmos", "databricks", "eventHubs"])
    expect(readdirSync(`src/adapters/${adapter}`)).toEqual(
      expect.arrayContaining(["client.ts", "index.ts", "operations.ts"]),
    );
});
