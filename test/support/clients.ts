import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  certificatePath,
  clientsPython,
  olderClientsDir,
  projectDir,
} from "../../scripts/setup/paths.mjs";

/** How a Python client says that it was refused. */
export interface Refusal {
  readonly type: string;
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string;
}

export interface Outcome {
  readonly step: string;
  readonly value?: unknown;
  readonly error?: Refusal;
  readonly seconds: number;
}

/** What came of each step of a program. */
export interface Outcomes {
  /** What the step returned. A step that failed fails the test with what the client said. */
  value(step: string): unknown;
  refusal(step: string): Refusal;
  readonly steps: readonly string[];
}

interface Options {
  /** Puts the older releases of the clients first. */
  readonly older?: boolean;
}

/** A client that hangs is ended before jest gives the test up: the steps that it did not reach say so. */
const LIMIT_MS = 50_000;

/** Runs a program of `test/integration/clients` in the environment of other people's clients. */
export async function runClients(
  program: string,
  settings: Readonly<Record<string, string>>,
  { older = false }: Options = {},
): Promise<Outcomes> {
  if (!existsSync(clientsPython))
    throw new Error(
      `${clientsPython} is not there: 'node scripts/assay.mjs setup' makes it.`,
    );
  const child = spawn(
    clientsPython,
    [join(projectDir, "test/integration/clients", program)],
    {
      env: {
        ...process.env,
        ...settings,
        SSL_CERT_FILE: certificatePath,
        REQUESTS_CA_BUNDLE: certificatePath,
        PYTHONDONTWRITEBYTECODE: "1",
        ...(older && { PYTHONPATH: olderClientsDir }),
      },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: LIMIT_MS,
      killSignal: "SIGKILL",
    },
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-8_000);
  });
  const outcomes = new Map<string, Outcome>();
  for await (const line of createInterface({ input: child.stdout })) {
    const outcome = JSON.parse(line) as Outcome;
    outcomes.set(outcome.step, outcome);
  }
  const outcomeOf = (step: string): Outcome => {
    const outcome = outcomes.get(step);
    if (outcome) return outcome;
    throw new Error(`${program} did not come to '${step}':\n${said}`);
  };
  return {
    steps: [...outcomes.keys()],
    value(step) {
      const { value, error } = outcomeOf(step);
      if (error) throw new Error(`${program}, ${step}: ${told(error)}`);
      return value;
    },
    refusal(step) {
      const { error } = outcomeOf(step);
      if (!error) throw new Error(`${program}, ${step}: it was not refused.`);
      return error;
    },
  };
}

const told = ({ type, status, code, message }: Refusal): string =>
  `${type} ${String(status)} ${String(code)}: ${message}`;
