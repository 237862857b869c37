import type {
  SqlAnswer,
  SqlRequest,
  TaskRequest,
} from "../../local/src/services/databricks/spark/protocol.ts";
import type {
  Compute,
  TaskEnd,
} from "../../local/src/services/databricks/spark/spark.ts";

type Task = Omit<TaskRequest, "op">;

/** Tasks that end when the test says so: the run's state machine without Spark. */
export class ManualCompute implements Compute {
  readonly #running = new Map<
    string,
    { task: Task; end(end: TaskEnd): void }
  >();
  readonly started: Task[] = [];
  readonly killed: string[] = [];
  /** A killed task ends at once, unless the test wants to see it terminating. */
  endsOnKill = true;
  readiness: Promise<void> = Promise.resolve();
  /** What statements are answered; any other one fails with its own text. */
  readonly sqlAnswers = new Map<string, SqlAnswer>();

  ready(): Promise<void> {
    return this.readiness;
  }

  run(task: Task): Promise<TaskEnd> {
    this.started.push(task);
    return new Promise((resolve) => {
      this.#running.set(task.attempt, { task, end: resolve });
    });
  }

  kill(attempt: string): void {
    this.killed.push(attempt);
    if (this.endsOnKill) this.end(attempt, -9);
  }

  /** Entry points of the tasks that run now. */
  get running(): string[] {
    return [...this.#running.values()].map(({ task }) => task.entryPoint);
  }

  end(attempt: string, exitCode: number, error: string | null = null): void {
    const one = this.#running.get(attempt);
    this.#running.delete(attempt);
    const trace = error === null ? null : `Traceback\n${error}`;
    one?.end({ kind: "exited", exitCode, error, trace, interrupted: 0 });
  }

  /** Ends the tasks of this entry point that run. */
  finish(entryPoint: string, exitCode = 0): void {
    for (const [attempt, { task }] of this.#running)
      if (task.entryPoint === entryPoint)
        this.end(attempt, exitCode, exitCode === 0 ? null : "ValueError: no");
  }

  sql(request: Omit<SqlRequest, "op">): Promise<SqlAnswer> {
    return Promise.resolve(
      this.sqlAnswers.get(request.statement) ?? {
        error: request.statement,
        condition: null,
      },
    );
  }

  cancelSql(): void {
    return;
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
