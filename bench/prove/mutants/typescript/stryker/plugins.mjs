/** What Stryker is told of this project: how it runs tests, and which mutants it leaves out. */
import { NearestRunner } from "./nearestRunner.mjs";
import { isProse } from "./prose.mjs";

/** Which test files reach a file of the app, the nearest first: `nearest.ts` finds them. */
export const strykerValidationSchema = {
  type: "object",
  properties: {
    nearest: {
      type: "object",
      additionalProperties: { type: "array", items: { type: "string" } },
    },
    seed: { type: "number" },
  },
};

const nearestRunner = (options) => new NearestRunner(options);
nearestRunner.inject = ["options"];

export const strykerPlugins = [
  { kind: "TestRunner", name: "nearest", factory: nearestRunner },
  {
    kind: "Ignore",
    name: "prose",
    value: {
      shouldIgnore: (path) =>
        isProse(path) ? "The words of a message are not tested." : undefined,
    },
  },
];
