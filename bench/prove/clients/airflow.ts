/** Runs the DAGs of `dags/operators.py` in Airflow's own process, and reads what it says of each. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { projectDir } from "../../../local/src/platform/folders.ts";
import { endProcess } from "../endProcess.ts";
import type { ProofWorkspace } from "./workspace.ts";

const DAGS = join(projectDir, "bench", "prove", "clients", "dags");
const LOG_CHARACTERS = 4000;

const answerSchema = z.object({
  step: z.string(),
  state: z.enum(["success", "failed"]),
  /** The id of the run in the workspace, where there is one. */
  run: z.number().nullable(),
  page: z.string().nullable(),
  error: z.string().nullable(),
});
export type Answer = z.infer<typeof answerSchema>;

export class Airflow {
  readonly #python: string;
  readonly #home = mkdtempSync(join(tmpdir(), "assay-airflow-"));
  #child: ReturnType<typeof spawn> | undefined;

  constructor(python: string) {
    this.#python = python;
  }

  /** What came of each step, in the order of the file. */
  async run(workspace: ProofWorkspace): Promise<readonly Answer[]> {
    const answers = join(this.#home, "answers.jsonl");
    const env = {
      ...process.env,
      AIRFLOW_HOME: this.#home,
      AIRFLOW__CORE__DAGS_FOLDER: DAGS,
      AIRFLOW__CORE__LOAD_EXAMPLES: "False",
      AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: "False",
      AIRFLOW_CONN_DATABRICKS_DEFAULT: connectionTo(workspace),
      PYTHONDONTWRITEBYTECODE: "1",
      JOBS: JSON.stringify(workspace.jobs),
      ANSWERS: answers,
    };
    await this.#runPython(["-m", "airflow", "db", "migrate"], env);
    const said = await this.#runPython([join(DAGS, "operators.py")], env);
    if (!existsSync(answers))
      throw new Error(`Airflow ran no step:\n${said.slice(-LOG_CHARACTERS)}`);
    return readFileSync(answers, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => answerSchema.parse(JSON.parse(line)));
  }

  async dispose(): Promise<void> {
    await endProcess(this.#child, "SIGKILL");
    rmSync(this.#home, { recursive: true, force: true });
  }

  /** Resolves with what the program printed. */
  async #runPython(
    args: readonly string[],
    env: NodeJS.ProcessEnv,
  ): Promise<string> {
    const child = spawn(this.#python, args, {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0)
      throw new Error(
        `${args.join(" ")} ended with code ${String(code)}:\n${said.slice(-LOG_CHARACTERS)}`,
      );
    return said;
  }
}

/** As Airflow reads it from its environment. */
function connectionTo({ host, token }: ProofWorkspace): string {
  const { hostname, port } = new URL(host);
  return JSON.stringify({
    conn_type: "databricks",
    host: hostname,
    schema: "http",
    port: Number(port),
    password: token,
  });
}
