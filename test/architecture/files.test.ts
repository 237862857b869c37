import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { routes } from "../../src/functions/api/routes.ts";
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

/** It registers a function for each entry of the table of sources, by the entry's own name. */
const OF_TABLE: Readonly<Record<string, string>> = {
  "ingest.ts": "source.name",
};

test("a file of functions registers triggers in one place, and is named as what it registers", () => {
  const files = readdirSync("src/functions", { withFileTypes: true });
  for (const { name } of files.filter((file) => file.isFile())) {
    const text = readFileSync(`src/functions/${name}`, "utf8");
    const registered = [...text.matchAll(/\bapp\.\w+\(\s*["'`]?([\w.]+)/g)].map(
      ([, trigger]) => trigger,
    );
    expect(registered).toEqual([OF_TABLE[name] ?? basename(name, ".ts")]);
    expect(text.split("\n").length).toBeLessThanOrEqual(61);
  }
});

test("each route is a file of the API that defines one route, named as the file", () => {
  const files = readdirSync("src/functions/api");
  const defining = files.flatMap((file) => {
    const text = readFileSync(`src/functions/api/${file}`, "utf8");
    return [...text.matchAll(/defineRoute\(\{\s*name: "(\w+)"/g)].map(
      ([, route = ""]) => ({ file, route }),
    );
  });
  expect(defining.map(({ route }) => route).sort()).toEqual(
    routes.map(({ name }) => name).sort(),
  );
  expect(defining.filter(({ file, route }) => file !== `${route}.ts`)).toEqual(
    [],
  );
});

test("every adapter of a vendor's service has the same files", () => {
  for (const adapter of ["lake", "cosmos", "databricks", "eventHubs"])
    expect(readdirSync(`src/adapters/${adapter}`)).toEqual(
      expect.arrayContaining(["client.ts", "index.ts", "operations.ts"]),
    );
});
