/**
 * Airflow's provider for Databricks drives the local workspace, with real Spark: runs by name and id, deferred ones, one
 * time runs, repairs, cancelled runs, statements, and what the workspace refuses.
 */
import { setUpAirflow } from "../../../scripts/setup/airflow.mjs";
import type { Outcome, Prepare, Proof } from "../proof.ts";
import { Airflow } from "./airflow.ts";
import { findFailures } from "./expectations.ts";
import { openWorkspace, type ProofWorkspace } from "./workspace.ts";

/** How the provider names itself, and the operator or trigger that asks. */
const AGENT = /^databricks-airflow\/.* operator\/(\w+)/;

export const clients: Prepare = async (_options, say) =>
  new ClientsProof(
    new Airflow(await setUpAirflow(say)),
    await openWorkspace(),
    say,
  );

class ClientsProof implements Proof {
  readonly #airflow: Airflow;
  readonly #workspace: ProofWorkspace;
  readonly #say: (text: string) => void;

  constructor(
    airflow: Airflow,
    workspace: ProofWorkspace,
    say: (text: string) => void,
  ) {
    this.#airflow = airflow;
    this.#workspace = workspace;
    this.#say = say;
  }

  async run(): Promise<Outcome> {
    const startedAt = performance.now();
    const answers = await this.#airflow.run(this.#workspace);
    const callers = this.#callers();
    const failures = await findFailures(
      answers,
      new Set(callers.keys()),
      this.#workspace,
    );
    for (const [caller, operations] of callers)
      this.#say(`  ${caller}: ${[...operations].sort().join(", ")}`);
    const operations = new Set(
      [...callers.values()].flatMap((each) => [...each]),
    );
    return {
      failures,
      counts: {
        steps: answers.length,
        operations: operations.size,
        seconds: Math.round((performance.now() - startedAt) / 1000),
      },
    };
  }

  async dispose(): Promise<void> {
    await this.#airflow.dispose();
    await this.#workspace.stop();
  }

  /** What each of Airflow's operators and triggers has seen work. */
  #callers(): ReadonlyMap<string, ReadonlySet<string>> {
    return new Map(
      [...this.#workspace.seen].flatMap(([agent, operations]) => {
        const caller = AGENT.exec(agent)?.[1];
        return caller === undefined ? [] : [[caller, operations] as const];
      }),
    );
  }
}
