import type { Clock } from "../../../shared/clock.ts";
import type { JobSettings } from "../jobs/settings.ts";
import type { Limits } from "../limits.ts";
import type { Engine } from "../runs/engine.ts";
import type { RunStore } from "../state.ts";
import type { Statements } from "../statements/statements.ts";
import type { Fields } from "./fields.ts";

export interface Job {
  readonly id: number;
  readonly key: string;
  readonly settings: JobSettings;
}

/** What the operations work on. */
export interface Workspace {
  readonly jobs: ReadonlyMap<number, Job>;
  readonly store: RunStore;
  readonly engine: Engine;
  readonly statements: Statements;
  readonly limits: Limits;
  readonly clock: Clock;
  /** When the bundle's file was read: the jobs' time of creation. */
  readonly startedAt: number;
}

/** The versions of the API of jobs, oldest first; statements have the first only. */
export const versions = ["2.0", "2.1", "2.2"] as const;
export type Version = (typeof versions)[number];

export interface Call {
  readonly version: Version;
  readonly fields: Fields;
  /** The part of the path that `{id}` stands for. */
  readonly id: string;
}

export interface Operation {
  readonly name: string;
  readonly method: "GET" | "POST";
  /** What follows the version. */
  readonly path: string;
  readonly versions: readonly Version[];
  /** Fields that came with a later version: an earlier one refuses them. */
  readonly later?: Partial<Readonly<Record<Version, readonly string[]>>>;
  readonly limit: keyof Limits["callsPerSecond"];
  readonly perform: (
    workspace: Workspace,
    call: Call,
  ) => Promise<unknown> | object;
}
