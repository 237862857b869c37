/** The state of a batch is which of its documents exist. Nothing else holds it. */
export type BatchState =
  "planned" | "running" | "publishing" | "done" | "blocked";

export function batchStateOf(exists: {
  readonly attempts: boolean;
  readonly process: boolean;
  readonly done: boolean;
  readonly blocked: boolean;
}): BatchState {
  if (exists.done) return "done";
  if (exists.blocked) return "blocked";
  if (exists.process) return "publishing";
  return exists.attempts ? "running" : "planned";
}
