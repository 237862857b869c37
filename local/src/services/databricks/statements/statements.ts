import { randomUUID } from "node:crypto";
import type { Clock } from "../../../shared/clock.ts";
import type { Limits } from "../limits.ts";
import type { SqlAnswer, SqlRequest } from "../spark/protocol.ts";
import type { Compute } from "../spark/spark.ts";

export type Outcome =
  | { readonly state: "PENDING" | "RUNNING" | "CANCELED" }
  | { readonly state: "SUCCEEDED"; readonly answer: Rows }
  | {
      readonly state: "FAILED";
      readonly message: string;
      readonly sqlState?: string;
    };

type Rows = Extract<SqlAnswer, { rows: unknown }>;

export interface Statement {
  readonly id: string;
  outcome: Outcome;
  isCancelWanted: boolean;
  /** Resolves when the statement has ended. */
  readonly ended: Promise<void>;
}

type Request = Omit<SqlRequest, "op" | "id" | "mostBytes">;

const HOUR_MS = 3_600_000;

/** SQL statements of the warehouse. They are kept in memory only: a result can be fetched for an hour. */
export class Statements {
  readonly #spark: Compute;
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #known = new Map<string, Statement>();
  readonly #forgetting = new Set<() => void>();

  constructor(spark: Compute, clock: Clock, limits: Limits) {
    this.#spark = spark;
    this.#clock = clock;
    this.#limits = limits;
  }

  close(): void {
    for (const cancel of this.#forgetting) cancel();
  }

  get(id: string): Statement | undefined {
    return this.#known.get(id);
  }

  execute(request: Request): Statement {
    const id = randomUUID();
    const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
    const statement: Statement = {
      id,
      outcome: { state: "PENDING" },
      isCancelWanted: false,
      ended,
    };
    this.#known.set(id, statement);
    void this.#run(statement, request).then((outcome) => {
      statement.outcome = outcome;
      const forget = this.#clock.after(
        this.#limits.resultHours * HOUR_MS,
        () => {
          this.#known.delete(id);
          this.#forgetting.delete(forget);
        },
      );
      this.#forgetting.add(forget);
      end(undefined);
    });
    return statement;
  }

  cancel(statement: Statement): void {
    if (!["PENDING", "RUNNING"].includes(statement.outcome.state)) return;
    statement.isCancelWanted = true;
    if (statement.outcome.state === "RUNNING")
      this.#spark.cancelSql(statement.id);
  }

  async #run(
    statement: Statement,
    request: Request,
  ): Promise<Outcome> {
    try {
      await this.#spark.ready();
      if (this.#isCancelWanted(statement)) return { state: "CANCELED" };
      statement.outcome = { state: "RUNNING" };
      const answer = await this.#spark.sql({
        id: statement.id,
        mostBytes: this.#limits.inlineBytes,
        ...request,
      });
      if ("error" in answer) {
        if (this.#isCancelWanted(statement)) return { state: "CANCELED" };
        const { error: message, sqlState } = answer;
        return { state: "FAILED", message, ...(sqlState ? { sqlState } : {}) };
      }
      return { state: "SUCCEEDED", answer };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { state: "FAILED", message };
    }
  }

  #isCancelWanted({ isCancelWanted }: Statement): boolean {
    return isCancelWanted;
  }
}
