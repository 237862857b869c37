import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PackagedDefinition } from "./definitions.ts";

/** What the state holds of a pipeline, or of a table of one, that the package has no more. */
export interface Leftover {
  readonly pipeline: string;
  /** A gold table; without it the whole pipeline is gone. */
  readonly table?: string;
}

const GOLD = "_gold.db";
const SCHEMAS = [GOLD, "_silver.db"];

const names = (dir: string): string[] =>
  existsSync(dir) ? readdirSync(dir).sort() : [];

/** Read from the folders of the state, so that it is known whatever runs. */
export function findLeftovers(
  stateDir: string,
  definitions: readonly PackagedDefinition[],
): Leftover[] {
  const packaged = new Set(definitions.map(({ pipeline }) => pipeline));
  const gone = pipelinesIn(stateDir)
    .filter((pipeline) => !packaged.has(pipeline))
    .map((pipeline) => ({ pipeline }));
  const tables = definitions.flatMap(({ pipeline, gold }) =>
    tablesIn(stateDir, pipeline)
      .filter((table) => !(table in gold))
      .map((table) => ({ pipeline, table })),
  );
  return [...gone, ...tables];
}

/** Every pipeline that has state. */
export function pipelinesIn(stateDir: string): string[] {
  const schemas = names(join(stateDir, "warehouse")).flatMap((name) =>
    SCHEMAS.filter((suffix) => name.endsWith(suffix)).map((suffix) =>
      name.slice(0, -suffix.length),
    ),
  );
  const states = names(join(stateDir, "lake", "_assay", "pipelines"));
  return [...new Set([...states, ...schemas])].sort();
}

/** The gold tables of a pipeline that are there; a name that begins with an underscore is Assay's own. */
export const tablesIn = (stateDir: string, pipeline: string): string[] =>
  names(join(stateDir, "warehouse", `${pipeline}${GOLD}`)).filter(
    (name) => !name.startsWith("_"),
  );

/** Every gold table that a pipeline has ever had: each may have a container of documents. */
export function tablesEver(stateDir: string, pipeline: string): string[] {
  const dir = join(stateDir, "lake", "_assay", "definitions", pipeline);
  const defined = names(dir).flatMap((file) => {
    const { gold } = JSON.parse(
      readFileSync(join(dir, file), "utf8"),
    ) as PackagedDefinition;
    return Object.keys(gold);
  });
  return [...new Set([...tablesIn(stateDir, pipeline), ...defined])].sort();
}

export const tellLeftover = ({ pipeline, table }: Leftover): string =>
  table === undefined
    ? `The pipeline ${pipeline} is not in pipelines/ any more. Its tables, documents and\nstate are kept: npm run drop -- ${pipeline} deletes them.`
    : `The table ${table} of ${pipeline} is in no gold file any more. It and its\ndocuments are kept: npm run drop -- ${pipeline} ${table} deletes them.`;
