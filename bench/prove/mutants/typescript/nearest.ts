/** Which tests reach a file of the app by their imports, and in how many steps. */
import {
  filesBelow,
  importsBelow,
} from "../../../../test/support/app/imports.ts";

const FOLDERS = ["src", "local/src", "scripts", "bench", "test"];
const TESTS = ["test/unit", "test/orchestrators"];

/** Of each of the files, the tests that load it, the nearest first; of equally near ones, those that load the least. */
export function nearestTests(
  files: readonly string[],
): Record<string, string[]> {
  const imports = new Map<string, string[]>();
  for (const { from, to, isTypeOnly } of FOLDERS.flatMap(importsBelow))
    if (!isTypeOnly) imports.set(from, [...(imports.get(from) ?? []), to]);
  const reached = TESTS.flatMap((folder) => filesBelow(folder, ".test.ts")).map(
    (test) => ({ test, steps: stepsFrom(test, imports) }),
  );
  return Object.fromEntries(
    files.map((file) => {
      const near = reached
        .filter(({ steps }) => steps.has(file))
        .sort(
          (a, b) =>
            (a.steps.get(file) ?? 0) - (b.steps.get(file) ?? 0) ||
            a.steps.size - b.steps.size,
        );
      return [file, near.map(({ test }) => test)];
    }),
  );
}

function stepsFrom(
  start: string,
  imports: ReadonlyMap<string, readonly string[]>,
): Map<string, number> {
  const steps = new Map([[start, 0]]);
  // A map gives what was set while it is walked, too.
  for (const [file, step] of steps)
    for (const next of imports.get(file) ?? [])
      if (!steps.has(next)) steps.set(next, step + 1);
  return steps;
}
