import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PlatformFolders } from "../platform/context.ts";
import type {
  PackagedContract,
  PackagedDefinition,
} from "../platform/definitions.ts";
import { pythonIn } from "../shared/python.ts";
import type { Range } from "./positions.ts";

const execute = promisify(execFile);
const LARGEST_ANSWER_BYTES = 256 * 1024 ** 2;

/** What lies in silver's logs and in gold, read by delta-rs. */
export interface Tables {
  readonly sources: Readonly<Record<string, SourceLog>>;
  /** Each source's table against its log. */
  readonly silver: Readonly<Record<string, SilverRows>>;
  /** Keys of the rows of each gold table, as the documents name them. */
  readonly gold: Readonly<
    Record<
      string,
      { readonly rows: number; readonly keys: readonly (readonly string[])[] }
    >
  >;
}

export interface SourceLog {
  readonly verdicts: Readonly<Record<string, number>>;
  readonly positions: Readonly<Record<string, readonly Range[]>>;
  /** Rows that are at a place once more, by stream: an event that was only delivered twice says so, and is none. */
  readonly repeated: Readonly<Record<string, number>>;
  /** Rows by the id of the dropped file that they came from. */
  readonly files: Readonly<Record<string, number>>;
  /** Ids of files that are refused as a whole, each by one row. */
  readonly refused: readonly string[];
}

/** The rows of a silver table, compared with what its log calls good. */
export interface SilverRows {
  readonly rows: number;
  readonly missing: number;
  readonly extra: number;
  readonly doubled: number;
  /** A few that are missing, or else too many. */
  readonly some: readonly string[];
}

export async function readTables(
  { toolsDir, projectDir, stateDir }: PlatformFolders,
  definition: PackagedDefinition,
): Promise<Tables> {
  const { pipeline, gold, sources } = definition;
  const request = {
    gold: mapped(gold, ({ key }) => key),
    sources: mapped(sources, (source) =>
      source.input === "files"
        ? {
            replaces: (source.onRedrop ?? "replace") === "replace",
            key: keyColumns(source.contract),
            lastWins: source.onRepeatedKey === "last",
          }
        : { replaces: false, key: [] },
    ),
  };
  const { stdout } = await execute(
    pythonIn(toolsDir),
    [
      "-m",
      "assay_local.reconciliation",
      stateDir,
      pipeline,
      JSON.stringify(request),
    ],
    {
      env: { ...process.env, PYTHONPATH: join(projectDir, "local", "python") },
      maxBuffer: LARGEST_ANSWER_BYTES,
    },
  );
  return JSON.parse(stdout) as Tables;
}

/** A property's column may have a name of its own. */
const keyColumns = (
  contract: PackagedContract | undefined,
): readonly string[] =>
  (contract?.["x-key"] ?? []).map(
    (name) => contract?.properties?.[name]?.["x-column"] ?? name,
  );

const mapped = <Value, Result>(
  values: Readonly<Record<string, Value>>,
  result: (value: Value) => Result,
): Record<string, Result> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, result(value)]),
  );
