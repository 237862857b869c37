import { readFileSync } from "node:fs";
import { verbs } from "../../scripts/verbs.mjs";
import { filesBelow, importsBelow } from "../support/app/imports.ts";

/** The circles of a graph, each as the list of its files. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const seen = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) circles.push([...path.slice(at), file].join(" -> "));
    if (at >= 0 || seen.has(file)) return;
    path.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    path.pop();
    seen.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return circles;
}

function localImports(): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  for (const { from, to } of importsBelow("local/src"))
    graph.set(from, [...(graph.get(from) ?? []), to]);
  return graph;
}

test("a circle of three files is found", () => {
  const graph = new Map([
    ["a", ["b"]],
    ["b", ["c"]],
    ["c", ["d", "a"]],
  ]);
  expect(circlesIn(graph)).toEqual(["a -> b -> c -> a"]);
});

test("the local platform has no circles of imports, types included", () => {
  const graph = localImports();
  expect(graph.size).toBeGreaterThan(200);
  expect(circlesIn(graph)).toEqual([]);
});

test("nothing outside the sample names the sample's pipeline", () => {
  const naming = filesBelow("local", "")
    .filter((path) => /\.(ts|py|md|json|toml)$/.test(path))
    .filter((path) => !path.startsWith("local/src/sample/"))
    .filter((path) => !path.startsWith("local/python/tests/"))
    .filter((path) => /\bflights?\b/i.test(readFileSync(path, "utf8")));
  expect(naming).toEqual([]);
});

test("every verb has its line in package.json, and npm's own names go without 'run'", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
    scripts: Record<string, string>;
  };
  const own = verbs.filter(({ name }) => name !== "setup");
  expect(scripts).toEqual(
    Object.fromEntries(
      own.map(({ name }) => [name, `node scripts/assay.mjs ${name}`]),
    ),
  );
  for (const { name, usage } of own)
    expect(usage).toMatch(new RegExp(`^npm (run )?${name}\\b`));
});

test("the files of the local platform are small: nine of ten have at most 200 lines", () => {
  const lengths = filesBelow("local/src", ".ts")
    .map((path) => readFileSync(path, "utf8").split("\n").length)
    .sort((a, b) => a - b);
  expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(201);
});
