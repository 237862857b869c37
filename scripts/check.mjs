/** `npm run check`: format, lint and types of TypeScript and Python, and the unit and architecture tests. Stops at the first step that fails. */
import { runSteps } from "./steps/index.mjs";
import { eslint, jest, mypy, prettier, ruff, tsc } from "./steps/tools.mjs";

process.exitCode = await runSteps([
  prettier(),
  eslint(),
  tsc(),
  ruff(),
  mypy("databricks"),
  mypy("local/python"),
  mypy("test/integration/clients"),
  mypy("bench/prove/clients"),
  jest("unit"),
]);
