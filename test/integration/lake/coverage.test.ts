import { join } from "node:path";
import type { Operation } from "../../../local/src/services/lake/lake.ts";
import {
  allQueueOperations,
  lakeOperations,
} from "../../../local/src/services/lake/operations/index.ts";
import { coverageOf } from "../../support/lakeCoverage.ts";

const path = join(
  import.meta.dirname,
  "../../../local/src/services/lake/COVERAGE.md",
);

const built = (operations: readonly Operation[]): Record<string, boolean> =>
  Object.fromEntries(operations.map(({ name, run }) => [name, Boolean(run)]));

const written = (heading: string): Record<string, boolean> =>
  Object.fromEntries(
    [...coverageOf(path, heading)].map(([name, covered]) => {
      expect(["yes", "partly", "no"]).toContain(covered);
      return [name, covered !== "no"];
    }),
  );

test("COVERAGE.md names each operation of the lake and says whether it is served", () => {
  expect(written("lake")).toEqual(built(lakeOperations));
});

test("COVERAGE.md names each operation of the queues and says whether it is served", () => {
  expect(written("queue")).toEqual(built(allQueueOperations));
});
