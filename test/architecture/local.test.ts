import { importsBelow } from "../support/app/imports.ts";

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
