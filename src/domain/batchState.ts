/** A batch of a pipeline, by its number. */
export interface BatchRef {
  readonly pipeline: string;
  readonly batch: number;
}

/** The state of a batch is which of its documents exist. Nothing else holds it. */
export type BatchState =
  "planned" | "running" | "processed" | "skipped" | "blocked";

/** Where both ends exist, the job's wins: its changes are committed and sealed. */
export function batchStateOf(exists: {
  readonly attempts: boolean;
  readonly process: boolean;
  readonly skipped: boolean;
  readonly blocked: boolean;
}): BatchState {
  if (exists.process) return "processed";
  if (exists.skipped) return "skipped";
  if (exists.blocked) return "blocked";
  return exists.attempts ? "running" : "planned";
}
