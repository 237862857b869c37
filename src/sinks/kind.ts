/** What a kind of sink is. `index.ts` lists the kinds; each has one folder, with these parts in files of the same names. */
import type { OrchestrationContext } from "durable-functions";
import type * as Zod from "zod";
import type { AppContext } from "../context.ts";
import type { SinkDefinition } from "../domain/definition.ts";
import type { OwedPart, TableMode } from "../domain/parts.ts";
import type { ErrorCode, Fault } from "../errors.ts";
import type { Orchestration } from "../durable.ts";

export interface SinkKind {
  readonly name: string;
  /**
   * The keys of the YAML beside `kind`, `tables` and `after`. Packaging hands the words of its grammar in: the app
   * carries none.
   */
  settings(z: typeof Zod): Zod.ZodRawShape;
  /** What must be there before the app starts. */
  provision(
    pipeline: string,
    sink: string,
    definition: SinkDefinition,
  ): SinkProvision;
  /** Delivers one batch, or goes on with it. An orchestration: it is replayed and does nothing by itself. */
  deliver(
    context: OrchestrationContext,
    delivery: Delivery,
  ): Orchestration<Outcome>;
  /** Each is safe to run twice. Their names begin with the kind's. */
  createActivities(context: AppContext): SinkActivities;
}

export type SinkKinds = Readonly<Record<string, SinkKind>>;

/** The orchestration that calls one made its input: only the two know its form. */
export type SinkActivities = Readonly<
  Record<string, (input: never) => Promise<unknown>>
>;

export interface SinkProvision {
  readonly containers?: readonly {
    readonly name: string;
    readonly partitionKey: string;
    readonly defaultTtlSeconds: number;
  }[];
  /** Names of settings that the sink reads when it is first used. */
  readonly settings?: readonly string[];
}

export interface SinkRef {
  readonly pipeline: string;
  readonly sink: string;
}

/** What a sink has to do next, by its head and by what is sealed with the batch. */
export interface Delivery extends SinkRef {
  readonly kind: string;
  readonly batch: number;
  readonly incarnation: string;
  readonly tables: Readonly<Record<string, TableMode>>;
  /** So many parts are delivered already, of so many. */
  readonly part: number;
  readonly parts: number;
  /** The parts that follow, as many as one generation of the orchestration may deliver. */
  readonly next: readonly OwedPart[];
  /** The sink is blocked, and this is to find out whether it still has to be: begin with one part. */
  readonly isProbe: boolean;
  /**
   * Too many documents were refused, or an operator asks to try again: one part is delivered however many of its
   * documents are refused, for else nothing would ever lead on.
   */
  readonly takesRefused: boolean;
  /** Documents that the store refuses by their fault. */
  readonly refused: number;
  /** Sinks that deliver this batch after this one. */
  readonly hasFollowers: boolean;
}

/** Why nothing more can be delivered until something changes. */
export interface Failure {
  readonly code: ErrorCode;
  /** Without keys or values of rows: it is shown to whoever may see the state of the pipeline. */
  readonly message: string;
  readonly fault: Fault;
}

export type Outcome =
  /** All of the batch. `noted`: the parts that the head says, the last ones may be left to the end of the batch. */
  | {
      readonly kind: "delivered";
      readonly noted: number;
      /** Documents were refused, or accepted again, and are not counted yet. */
      readonly recount: boolean;
    }
  /** Some of it is delivered and noted: the rest is for the next generation. */
  | { readonly kind: "paused" }
  /** Somebody else changed the head meanwhile, and goes on. */
  | { readonly kind: "lost" }
  | {
      readonly kind: "failed";
      readonly noted: number;
      readonly failure: Failure;
    };
