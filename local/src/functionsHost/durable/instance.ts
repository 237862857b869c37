import type { ParentInstance } from "./history.ts";

/** DurableTask's numbers of the states, as they stand in a history. */
export const statusNumber = {
  Running: 0,
  Completed: 1,
  ContinuedAsNew: 2,
  Failed: 3,
  Canceled: 4,
  Terminated: 5,
  Pending: 6,
  Suspended: 7,
} as const;

export type RuntimeStatus = keyof typeof statusNumber;

/** One orchestration instance as its row in the store has it. */
export interface Instance {
  readonly instanceId: string;
  /** Changes when the instance continues as new: what was meant for an earlier execution is dropped. */
  readonly executionId: string;
  readonly name: string;
  readonly version: string;
  readonly status: RuntimeStatus;
  /** JSON text. */
  readonly input: string;
  /** JSON text, or the plain text of a failure or of the reason of a termination. */
  readonly output: string | null;
  /** JSON text. */
  readonly customStatus: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly parent: ParentInstance | null;
}

export const hasEnded = (status: RuntimeStatus): boolean =>
  status === "Completed" ||
  status === "Failed" ||
  status === "Terminated" ||
  status === "Canceled";
