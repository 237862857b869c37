import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PlatformFolders } from "../platform/context.ts";
import { pythonIn } from "../shared/python.ts";
import type { Range } from "./positions.ts";

const execute = promisify(execFile);
const LARGEST_ANSWER_BYTES = 256 * 1024 ** 2;

/** What lies in silver's logs and in gold, read by delta-rs. */
export interface Tables {
  readonly sources: Readonly<Record<string, SourceLog>>;
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
  /** Rows that count an event once more, by stream: all are duplicates or there are none. */
  readonly repeated: Readonly<Record<string, number>>;
  /** Rows by the id of the dropped file that they came from. */
  readonly files: Readonly<Record<string, number>>;
}

/** @param keys the key columns of each gold table */
export async function readTables(
  { toolsDir, projectDir, stateDir }: PlatformFolders,
  pipeline: string,
  keys: Readonly<Record<string, readonly string[]>>,
): Promise<Tables> {
  const { stdout } = await execute(
    pythonIn(toolsDir),
    [
      "-m",
      "assay_local.reconciliation",
      join(stateDir, "warehouse"),
      pipeline,
      JSON.stringify(keys),
    ],
    {
      env: { ...process.env, PYTHONPATH: join(projectDir, "local", "python") },
      maxBuffer: LARGEST_ANSWER_BYTES,
    },
  );
  return JSON.parse(stdout) as Tables;
}
