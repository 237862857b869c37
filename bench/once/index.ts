import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectDir } from "../../local/src/platform/folders.ts";
import { venvPython } from "../../scripts/setup/paths.mjs";
import { batchFolder } from "../../test/support/batchFolder.ts";
import type { Bench } from "../harness.ts";

const execute = promisify(execFile);
const jars = join(projectDir, ".assay", "tools", "jars");

/**
 * The whole of `npm start -- --once --reset` against a plain script that starts the same Spark server and does the
 * same silver and gold of the same two batches, both from cold. The first of our runs gives the script its bronze.
 */
export async function once(): Promise<Bench> {
  const work = mkdtempSync(join(tmpdir(), "assay-once-"));
  const state = join(work, "state");
  const bronze = join(work, "bronze");
  await runOnce(state);
  cpSync(join(state, "lake"), bronze, { recursive: true });
  const statements = statementsOf(state);
  let runs = 0;
  return {
    comparison: {
      name: "once",
      warmUps: 0,
      pairs: 4,
      gates: { seconds: { atMost: 1.6 } },
      a: () => timed(() => runOnce(state)),
      b: () =>
        timed(() =>
          runBaseline(bronze, join(work, `baseline-${String(++runs)}`)),
        ),
      counts: () => statements,
    },
    dispose() {
      rmSync(work, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

async function timed(work: () => Promise<void>): Promise<{ seconds: number }> {
  const startedAt = performance.now();
  await work();
  return { seconds: (performance.now() - startedAt) / 1000 };
}

async function runOnce(stateDir: string): Promise<void> {
  const script = join(projectDir, "scripts", "runVerb.mjs");
  await execute(
    process.execPath,
    [script, "start", "--once", "--reset", "--port", "0"],
    {
      env: { ...process.env, ASSAY_STATE_DIR: stateDir },
      maxBuffer: 16 * 1024 ** 2,
    },
  );
}

async function runBaseline(bronze: string, work: string): Promise<void> {
  await execute(
    venvPython,
    [join(projectDir, "bench", "once", "baseline.py"), bronze, work, jars],
    {
      env: { ...process.env, PYTHONPATH: join(projectDir, "local", "python") },
    },
  );
}

/** Spark statements and Delta commits of each batch, as the job counted them. */
function statementsOf(stateDir: string): Record<string, number> {
  return Object.fromEntries(
    [1, 2].flatMap((batch) => {
      const path = join(batchFolder(stateDir, batch), "process.json");
      const { statements, commits } = JSON.parse(
        readFileSync(path, "utf8"),
      ) as {
        statements: number;
        commits: number;
      };
      return [
        [`statements of batch ${String(batch)}`, statements],
        [`commits of batch ${String(batch)}`, commits],
      ];
    }),
  );
}
