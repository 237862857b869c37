import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** Which document lies where below `_assay`. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/^streams\/[^/]+\/[^/]+\/[^/]+\.json$/, "stream"],
  [/^definitions\//, "definition"],
  [/^pipelines\/[^/]+\/incarnation\.json$/, "incarnation"],
  [/^pipelines\/[^/]+\/files\/pending\//, "pendingFile"],
  [/^pipelines\/[^/]+\/files\/planned\//, "fileAssignment"],
  [/^pipelines\/[^/]+\/files\/setAside\//, "setAsideFile"],
  [/^pipelines\/[^/]+\/input\.json$/, "inputStatus"],
  [/^pipelines\/[^/]+\/sweep\.json$/, "sweepReport"],
  [/^pipelines\/[^/]+\/planFailure\.json$/, "planFailure"],
  [/^pipelines\/[^/]+\/requests\//, "request"],
  [/^pipelines\/[^/]+\/sinks\/[^/]+\/head\.json$/, "sinkHead"],
  [/^pipelines\/[^/]+\/sinks\/[^/]+\/refused\//, "refusedDocument"],
  [/\/batches\/\d{10}\/manifest\.json$/, "manifest"],
  [/\/batches\/\d{10}\/definition\.json$/, "definitionOverride"],
  [/\/batches\/\d{10}\/attempts\/\d+\.json$/, "attempt"],
  [/\/batches\/\d{10}\/failures\/\d+\.json$/, "failure"],
  [/\/batches\/\d{10}\/work\/[^/]+\/report\.json$/, "report"],
  [/\/batches\/\d{10}\/silver\.json$/, "silver"],
  [/\/batches\/\d{10}\/process\.json$/, "process"],
  [/\/batches\/\d{10}\/skipped\.json$/, "skipped"],
  [/\/batches\/\d{10}\/blocked\.json$/, "blocked"],
];

const ROOT = "_assay/";
/** The files of change sets and of snapshots: JSON lines. */
const PARTS = /\/work\/[^/]+\/(changes|snapshots)\//;

export const isPart = (path: string): boolean => PARTS.test(path);

const checks = new Map<string, ValidateFunction>();
const ajv = new Ajv2020({ allErrors: true, strictTypes: false });

function checkOf(name: string): ValidateFunction {
  const known = checks.get(name);
  if (known) return known;
  const text = readFileSync(`schemas/${name}.schema.json`, "utf8");
  const check = ajv.compile(JSON.parse(text) as object);
  checks.set(name, check);
  return check;
}

/** Holds a document against the schema that both languages share; one below `_assay` that has none is a mistake too. */
export function checkDocument(path: string, content: string | Buffer): void {
  if (!path.startsWith(ROOT)) return;
  if (isPart(path)) {
    checkLines(path, content);
    return;
  }
  const name = PLACES.find(([place]) =>
    place.test(path.slice(ROOT.length)),
  )?.[1];
  if (name === undefined) throw new Error(`${path} is no document of the lake`);
  checkText(name, content.toString(), path);
}

/** Of a part of a change set or of a snapshot. */
function checkLines(path: string, content: string | Buffer): void {
  for (const [index, text] of content.toString().split("\n").entries())
    if (text !== "") checkText("line", text, `${path}:${index + 1}`);
}

function checkText(name: string, text: string, where: string): void {
  const check = checkOf(name);
  if (check(JSON.parse(text))) return;
  throw new Error(`${where} is no ${name}: ${ajv.errorsText(check.errors)}`);
}
