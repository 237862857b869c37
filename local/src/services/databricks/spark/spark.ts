import type { Log } from "../../../shared/log.ts";
import { SupervisorProcess, type SupervisorOptions } from "./process.ts";
import type {
  SqlAnswer,
  SqlRequest,
  SupervisorEvent,
  TaskRequest,
} from "./protocol.ts";

/** How an attempt ended. In each case its Spark session is gone and can commit nothing any more. */
export type TaskEnd =
  | {
      readonly kind: "exited";
      readonly exitCode: number;
      readonly error: string | null;
      readonly trace: string | null;
      readonly interrupted: number;
    }
  | { readonly kind: "lost"; readonly reason: string };

/** What runs tasks and statements. `Spark` is the one; tests of the state machine have another. */
export interface Compute {
  /** Resolves when tasks can start; rejects with SparkDown when several starts in a row have failed. */
  ready(): Promise<void>;
  run(task: Omit<TaskRequest, "op">): Promise<TaskEnd>;
  /** Asks for the attempt's end; `run` says when it has ended. */
  kill(attempt: string): void;
  sql(request: Omit<SqlRequest, "op">): Promise<SqlAnswer>;
  cancelSql(id: string): void;
  stop(): Promise<void>;
}

/** Thrown when Spark does not start. */
export class SparkDown extends Error {
  override readonly name = "SparkDown";
}

const STARTS_IN_A_ROW = 3;

interface Waiting<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

/** The warm Spark server of this state. When it ends by itself, it is begun anew. */
export class Spark implements Compute {
  readonly #options: SupervisorOptions;
  readonly #log: Log;
  #process: SupervisorProcess | undefined;
  #isReady = false;
  #isStopping = false;
  #startsLeft = STARTS_IN_A_ROW;
  #lastFailure = "";
  #forReady: Waiting<void>[] = [];
  readonly #tasks = new Map<string, (end: TaskEnd) => void>();
  readonly #statements = new Map<string, Waiting<SqlAnswer>>();

  private constructor(options: SupervisorOptions, log: Log) {
    this.#options = options;
    this.#log = log;
  }

  /**
   * Resolves once this state's tables are ours alone (no other server can commit to them), while the server is still
   * starting. Rejects with a sentence when another platform holds them.
   */
  static async open(options: SupervisorOptions, log: Log): Promise<Spark> {
    const spark = new Spark(options, log);
    await spark.#launch();
    return spark;
  }

  ready(): Promise<void> {
    if (this.#isReady) return Promise.resolve();
    if (this.#isStopping) return Promise.reject(new SparkDown("stopping"));
    const waiting = new Promise<void>((resolve, reject) =>
      this.#forReady.push({ resolve, reject }),
    );
    if (!this.#process) {
      this.#startsLeft = STARTS_IN_A_ROW;
      void this.#launch().catch(() => undefined); // `#giveUp` tells who waits
    }
    return waiting;
  }

  run(task: Omit<TaskRequest, "op">): Promise<TaskEnd> {
    return new Promise((resolve) => {
      this.#tasks.set(task.attempt, resolve);
      this.#process?.send({ op: "startTask", ...task });
    });
  }

  kill(attempt: string): void {
    this.#process?.send({ op: "killTask", attempt });
  }

  sql(request: Omit<SqlRequest, "op">): Promise<SqlAnswer> {
    return new Promise((resolve, reject) => {
      this.#statements.set(request.id, { resolve, reject });
      this.#process?.send({ op: "sql", ...request });
    });
  }

  cancelSql(id: string): void {
    this.#process?.send({ op: "cancelSql", id });
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#isReady = false;
    for (const waiting of this.#forReady.splice(0))
      waiting.reject(new SparkDown("stopping"));
    await this.#process?.stop();
  }

  #launch(): Promise<void> {
    return new Promise((resolve, reject) => {
      const process = new SupervisorProcess(this.#options, (event) => {
        if (event.event === "held") {
          this.#tellTheLost();
          resolve();
        } else if (event.event === "locked") {
          this.#startsLeft = 0;
          this.#lastFailure = event.message;
          reject(new SparkDown(event.message));
        } else this.#hear(event);
      });
      this.#process = process;
      void process.ended.then((lastWords) => {
        reject(new SparkDown(lastWords));
        this.#afterEnd(lastWords);
      });
    });
  }

  #hear(event: SupervisorEvent): void {
    switch (event.event) {
      case "ready":
        this.#isReady = true;
        this.#startsLeft = STARTS_IN_A_ROW;
        this.#log("spark.ready", { port: event.port, tables: event.tables });
        for (const waiting of this.#forReady.splice(0)) waiting.resolve();
        break;
      case "taskEnded": {
        const { attempt, exitCode, error, trace, interrupted } = event;
        this.#tasks.get(attempt)?.({
          kind: "exited",
          exitCode,
          error,
          trace,
          interrupted,
        });
        this.#tasks.delete(attempt);
        break;
      }
      case "statement":
        this.#statements.get(event.id)?.resolve(event);
        this.#statements.delete(event.id);
        break;
      case "warm":
        this.#log("spark.warm");
        break;
      case "failed":
        this.#lastFailure = event.message;
        this.#log("spark.failed", { message: event.message });
        break;
      case "log":
        this.#log("spark.said", { message: event.message });
        break;
      default:
        break;
    }
  }

  #afterEnd(lastWords: string): void {
    this.#isReady = false;
    this.#process = undefined;
    for (const [id, statement] of this.#statements) {
      statement.reject(new SparkDown("The Spark server ended."));
      this.#statements.delete(id);
    }
    if (this.#isStopping) {
      this.#tellTheLost();
      return;
    }
    this.#startsLeft -= 1;
    if (lastWords) this.#log("spark.said", { message: lastWords });
    if (this.#startsLeft > 0)
      void this.#launch().catch(() => undefined); // its own end comes here again
    else this.#giveUp();
  }

  #giveUp(): void {
    const error = new SparkDown(
      this.#lastFailure || "Spark does not start: see the log of Spark.",
    );
    this.#log("spark.down", { message: error.message });
    for (const waiting of this.#forReady.splice(0)) waiting.reject(error);
    this.#tellTheLost();
  }

  /**
   * Tasks of a supervisor that is gone. The lock is held by the server itself, so whoever has the lock now knows that
   * the old server, and every session in it, is gone as well.
   */
  #tellTheLost(): void {
    for (const [attempt, resolve] of this.#tasks) {
      this.#tasks.delete(attempt);
      resolve({ kind: "lost", reason: "The Spark driver ended unexpectedly" });
    }
  }
}
