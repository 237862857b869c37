/**
 * The workspace as the app sees it: runs of the first batches go on to the local Databricks, those of the later ones
 * are played by the stand-in. It speaks the calls that the app makes.
 */
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { bodyUpTo } from "../../../local/src/shared/body.ts";
import { close, listen } from "../../../local/src/shared/listen.ts";
import { until } from "../until.ts";
import { MachineLost, type StandIn } from "./standIn.ts";

const RUN_NOW = "/api/2.2/jobs/run-now";
const GET_RUN = "/api/2.2/jobs/runs/get";
const LIST_JOBS = "/api/2.2/jobs/list";
/** Of the stand-in's job, whatever its name. */
const JOB_ID = 700_000_000_000;
/** Far above the ids of the local workspace. */
const FIRST_RUN_ID = 800_000_000_000;
const MAX_BODY_BYTES = 1024 ** 2;
const PATIENCE_SECONDS = 60;

interface Run {
  readonly startedAt: number;
  endedAt?: number;
  ending?: "succeeded" | "lost" | "failed";
  message: string;
}

interface RunNow {
  readonly idempotency_token: string;
  readonly job_parameters: { readonly batch: string; readonly attempt: string };
}

export class Door {
  readonly #standIn: StandIn;
  readonly #sparkBatches: number;
  readonly #workspaceUrl: string;
  readonly #server: Server;
  readonly #runs: Run[] = [];
  readonly #tokens = new Map<string, number>();
  #hasWorkspace: boolean;
  /** Ids of the workspace's runs, and what it said of each when it was left. */
  readonly #passedOn = new Map<number, unknown>();

  /** @param sparkBatches so many batches are processed by the workspace at `workspaceUrl` */
  constructor(standIn: StandIn, sparkBatches: number, workspaceUrl: string) {
    this.#standIn = standIn;
    this.#sparkBatches = sparkBatches;
    this.#workspaceUrl = workspaceUrl;
    this.#hasWorkspace = sparkBatches > 0;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) =>
        send(response, 503, {
          error_code: "TEMPORARILY_UNAVAILABLE",
          message: String(error),
        }),
      );
    });
  }

  async open(): Promise<string> {
    return `http://127.0.0.1:${await listen(this.#server, 0)}`;
  }

  close(): Promise<void> {
    return close(this.#server);
  }

  /** The app may ask of a run at any later time: each is awaited, and what the workspace says of it is kept. */
  async leaveWorkspace(
    ask: (method: string, path: string) => Promise<{ body: unknown }>,
  ): Promise<void> {
    for (const runId of this.#passedOn.keys())
      await until(
        async () => {
          const { body } = await ask("GET", `${GET_RUN}?run_id=${runId}`);
          this.#passedOn.set(runId, body);
          return isTerminal(body);
        },
        () => `the end of run ${runId}`,
        PATIENCE_SECONDS,
      );
    this.#hasWorkspace = false;
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://-");
    const body = (await bodyUpTo(request, MAX_BODY_BYTES)) ?? Buffer.alloc(0);
    const runId = Number(searchParams.get("run_id") ?? 0);
    if (pathname === RUN_NOW) {
      const asked = JSON.parse(body.toString()) as RunNow;
      if (Number(asked.job_parameters.batch) > this.#sparkBatches) {
        send(response, 200, { run_id: this.#start(asked) });
        return;
      }
    } else if (pathname === LIST_JOBS && !this.#hasWorkspace) {
      const settings = { name: searchParams.get("name") };
      send(response, 200, { jobs: [{ job_id: JOB_ID, settings }] });
      return;
    } else if (pathname === GET_RUN && runId >= FIRST_RUN_ID) {
      send(response, 200, viewOf(runId, this.#runs[runId - FIRST_RUN_ID]));
      return;
    }
    const kept = this.#passedOn.get(runId);
    if (pathname === GET_RUN && kept !== undefined) send(response, 200, kept);
    else await this.#passOn(request, body, response);
  }

  /** A token stands for one run, however often it comes. */
  #start({ idempotency_token: token, job_parameters }: RunNow): number {
    const known = this.#tokens.get(token);
    if (known !== undefined) return known;
    const run: Run = { startedAt: Date.now(), message: "" };
    const runId = FIRST_RUN_ID + this.#runs.push(run) - 1;
    this.#tokens.set(token, runId);
    const { batch, attempt } = job_parameters;
    void this.#standIn.attempt(Number(batch), Number(attempt)).then(
      () => end(run, "succeeded", ""),
      (error: unknown) =>
        error instanceof MachineLost
          ? end(run, "lost", "The Spark driver ended unexpectedly")
          : end(run, "failed", String(error)),
    );
    return runId;
  }

  async #passOn(
    { method = "GET", url = "/", headers }: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): Promise<void> {
    const answer = await fetch(`${this.#workspaceUrl}${url}`, {
      method,
      headers: {
        authorization: headers.authorization ?? "",
        "content-type": "application/json",
      },
      ...(method === "GET" ? {} : { body: body.toString() }),
    });
    const said: unknown = await answer.json();
    const { run_id: begun } = said as { run_id?: number };
    if (url === RUN_NOW && begun !== undefined && !this.#passedOn.has(begun))
      this.#passedOn.set(begun, undefined);
    send(response, answer.status, said);
  }
}

function end(run: Run, ending: Run["ending"] & string, message: string): void {
  Object.assign(run, { ending, message, endedAt: Date.now() });
}

/** Results, codes and types as Databricks gives them for a run that has ended so. */
const ENDINGS = {
  succeeded: ["SUCCESS", "SUCCESS", "SUCCESS"],
  lost: ["FAILED", "DRIVER_ERROR", "INTERNAL_ERROR"],
  failed: ["FAILED", "RUN_EXECUTION_ERROR", "CLIENT_ERROR"],
} as const;

function viewOf(runId: number, run: Run | undefined): object {
  if (run?.ending === undefined)
    return { run_id: runId, state: { life_cycle_state: "RUNNING" } };
  const [result, code, type] = ENDINGS[run.ending];
  const { message, startedAt, endedAt } = run;
  return {
    run_id: runId,
    start_time: startedAt,
    end_time: endedAt,
    state: { life_cycle_state: "TERMINATED", result_state: result },
    status: {
      state: "TERMINATED",
      termination_details: { code, type, message },
    },
  };
}

const isTerminal = (body: unknown): boolean =>
  ["TERMINATED", "SKIPPED", "INTERNAL_ERROR"].includes(
    (body as { state?: { life_cycle_state?: string } }).state
      ?.life_cycle_state ?? "",
  );

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
