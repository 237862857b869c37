import { hasTablesOf } from "../../../local/src/cli/verbs/sql.ts";
import type { PackagedDefinition } from "../../../local/src/platform/definitions.ts";

const definition: PackagedDefinition = {
  pipeline: "us",
  digest: "d",
  sources: { prices: { kind: "hub", input: "stream", hub: "p", stream: "s" } },
  gold: { bands: { key: ["band"] } },
  sinks: {},
};

test.each([
  ["SELECT 1", true],
  ["SELECT * FROM silver.prices", true],
  ["SELECT * FROM SILVER.prices_quarantine JOIN gold.`bands`", true],
  ["SELECT * FROM silver.prices_log, gold.nothing", false],
  ["SELECT * FROM silver.flights", false],
  ["SELECT * FROM gold.prices", false],
])("whether a statement may be about a pipeline: %s", (text, may) => {
  expect(hasTablesOf(text, definition)).toBe(may);
});
