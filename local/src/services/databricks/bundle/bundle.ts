import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { checkJob } from "../jobs/check.ts";
import type { JobSettings } from "../jobs/settings.ts";
import {
  BundleMistakes,
  type Mistake,
  type Path,
  Source,
  isObject,
} from "./source.ts";
import { interpolate, resolveVariables } from "./variables.ts";

const TARGET = "dev";

/** Parts of the bundle that only matter to a deployment: read by the vendor's command line tool, not here. */
const DEPLOYMENT_ONLY = [
  "artifacts",
  "sync",
  "workspace",
  "permissions",
  "run_as",
];
const KNOWN = {
  root: [
    "bundle",
    "include",
    "variables",
    "resources",
    "targets",
    ...DEPLOYMENT_ONLY,
  ],
  included: ["variables", "resources", "targets"],
  bundle: ["name", "databricks_cli_version", "uuid"],
  variable: ["description", "default", "type"],
  // Of a development target's effects (a prefix to names, paused schedules) none is wanted on a laptop.
  target: ["mode", "default", "variables", "presets", ...DEPLOYMENT_ONLY],
};

/** The jobs of `databricks/databricks.yml` and its includes, by key, for the target `dev`. */
export function readBundle(
  projectDir: string,
  given: Readonly<Record<string, string>>,
): ReadonlyMap<string, JobSettings> {
  const rootPath = join(projectDir, "databricks", "databricks.yml");
  if (!existsSync(rootPath))
    throw new Error(
      `There is no ${rootPath}: the local workspace reads its jobs there.`,
    );
  const mistakes: Mistake[] = [];
  const root = new Source(rootPath, projectDir);
  const sources = [root, ...included(root, projectDir, mistakes)];
  const constants = new Map([["bundle.target", TARGET]]);

  const declared = new Map<
    string,
    { source: Source; path: Path; value: unknown }
  >();
  const jobs = new Map<
    string,
    { source: Source; path: Path; value: unknown }
  >();
  for (const source of sources) {
    const isRoot = source === root;
    const value = section(source, [], source.value, mistakes);
    known(source, [], value, isRoot ? KNOWN.root : KNOWN.included, mistakes);
    const bundle = section(source, ["bundle"], value["bundle"], mistakes);
    known(source, ["bundle"], bundle, KNOWN.bundle, mistakes);
    if (typeof bundle["name"] === "string")
      constants.set("bundle.name", bundle["name"]);
    for (const [name, variable] of entries(
      source,
      ["variables"],
      value["variables"],
      mistakes,
    )) {
      const path = ["variables", name];
      const fields = section(source, path, variable, mistakes);
      known(source, path, fields, KNOWN.variable, mistakes);
      declared.set(name, { source, path, value: fields["default"] });
    }
    const resources = section(
      source,
      ["resources"],
      value["resources"],
      mistakes,
    );
    known(source, ["resources"], resources, ["jobs"], mistakes);
    for (const [key, job] of entries(
      source,
      ["resources", "jobs"],
      resources["jobs"],
      mistakes,
    ))
      jobs.set(key, { source, path: ["resources", "jobs", key], value: job });
  }
  for (const source of sources) {
    const path = ["targets", TARGET];
    const targets = isObject(source.value) ? source.value["targets"] : {};
    const target = isObject(targets) ? targets[TARGET] : undefined;
    const fields = section(source, path, target, mistakes);
    known(source, path, fields, KNOWN.target, mistakes);
    for (const [name, value] of entries(
      source,
      [...path, "variables"],
      fields["variables"],
      mistakes,
    ))
      declared.set(name, {
        source,
        path: [...path, "variables", name],
        value: isObject(value) ? value["default"] : value,
      });
  }

  const values = resolveVariables(declared, given, constants, mistakes);
  const settings = new Map<string, JobSettings>();
  for (const [key, { source, path, value }] of jobs) {
    const plain = interpolate(value, values, source, path, mistakes);
    const checked = checkJob(plain, (at, message) =>
      mistakes.push(source.mistake([...path, ...at], message)),
    );
    if (checked) settings.set(key, { ...checked, name: checked.name ?? key });
  }
  if (mistakes.length > 0) throw new BundleMistakes(mistakes);
  return settings;
}

function included(
  root: Source,
  projectDir: string,
  mistakes: Mistake[],
): Source[] {
  const patterns = isObject(root.value) ? root.value["include"] : undefined;
  if (patterns === undefined) return [];
  if (
    !Array.isArray(patterns) ||
    !patterns.every((one) => typeof one === "string")
  ) {
    mistakes.push(root.mistake(["include"], "include is a list of paths."));
    return [];
  }
  const cwd = join(projectDir, "databricks");
  return patterns
    .flatMap((pattern) => globSync(pattern, { cwd }).sort())
    .map((file) => new Source(join(cwd, file), projectDir));
}

function section(
  source: Source,
  path: Path,
  value: unknown,
  mistakes: Mistake[],
): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (isObject(value)) return value;
  mistakes.push(
    source.mistake(path, `${path.join(".") || "A bundle file"} is a mapping.`),
  );
  return {};
}

const entries = (
  source: Source,
  path: Path,
  value: unknown,
  mistakes: Mistake[],
): [string, unknown][] =>
  Object.entries(section(source, path, value, mistakes));

function known(
  source: Source,
  path: Path,
  value: Record<string, unknown>,
  names: readonly string[],
  mistakes: Mistake[],
): void {
  for (const name of Object.keys(value))
    if (!names.includes(name))
      mistakes.push(
        source.mistake(
          [...path, name],
          `The local workspace does not read ${[...path, name].join(".")}: it knows ${names.join(", ")} here.`,
        ),
      );
}
