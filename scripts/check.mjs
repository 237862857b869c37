/** `npm run check`: format, lint, types, unit and architecture tests, in TypeScript and in Python. Stops at the first that fails. */
import { runSteps } from "./steps/index.mjs";
import { eslint, jest, mypy, prettier, ruff, tsc } from "./steps/tools.mjs";

process.exitCode = await runSteps([
  prettier(),
  eslint(),
  tsc(),
  ruff(),
  mypy("databricks"),
  mypy("local/python"),
  jest("unit"),
]);
