import { join } from "node:path";
import { operations } from "../../../local/src/services/identity/operations.ts";
import { coverageOf } from "../../support/lakeCoverage.ts";

test("COVERAGE.md names each operation of the identity endpoint", () => {
  const path = join(
    import.meta.dirname,
    "../../../local/src/services/identity/COVERAGE.md",
  );
  expect([...coverageOf(path).keys()]).toEqual(Object.keys(operations));
});
