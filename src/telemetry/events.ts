/** Every event that the app logs: past tense, identifiers as fields. Bodies, keys of rows and tokens are never fields. */

export type Level = "information" | "warning" | "error";
export type Fields = Readonly<Record<string, string | number | boolean>>;
export type Log = (level: Level, event: string, fields: Fields) => void;

interface Range {
  readonly hub: string;
  readonly partition: string;
  readonly first: number;
  readonly last: number;
}
interface Batch {
  readonly pipeline: string;
  readonly batch: number;
}
type Attempt = Batch & { readonly attempt: number; readonly runId: number };

const of =
  <F extends object>(level: Level, event: string) =>
  (log: Log, fields: F): void =>
    log(level, event, fields as unknown as Fields);

export const streamRegistered = of<{ hub: string; generation: string }>("information", "stream.registered");
export const eventsLanded = of<Range & { bytes: number }>("information", "events.landed");
export const eventsRedelivered = of<Range>("information", "events.redelivered");
export const eventsConflicted = of<Range & { path: string }>("error", "events.conflicted");
export const fileClaimed = of<{ pipeline: string; source: string; id: string; bytes: number }>("information", "file.claimed");
export const fileVanished = of<{ pipeline: string; source: string; id: string }>("warning", "file.vanished");
export const fileRefused = of<{ why: string }>("warning", "file.refused");
export const watcherAsked = of<{ pipeline: string; outcome: string; message?: string }>("information", "watcher.asked");
export const watcherStartFailed = of<{ pipeline: string; message?: string }>("warning", "watcher.startFailed");
export const gapFound = of<{ pipeline: string; hub: string; generation: string; partition: string; from: number; to: number; isLost: boolean }>("warning", "gap.found");
export const batchPlanned = of<Batch & { kind: string; events: number; files: number }>("information", "batch.planned");
export const batchAdopted = of<Batch>("information", "batch.adopted");
export const batchUnblocked = of<Batch & { definition: string }>("information", "batch.unblocked");
export const jobRunStarted = of<Attempt>("information", "jobRun.started");
export const jobRunFailed = of<Attempt & { message: string; fault: string }>("warning", "jobRun.failed");
export const batchBlocked = of<Batch & { code: string; message: string }>("error", "batch.blocked");
export const changesPublished = of<Batch & { share: number; upserted: number; deleted: number; skipped: number }>("information", "changes.published");
export const batchFinished = of<Batch & { processSeconds: number; publishSeconds: number }>("information", "batch.finished");
export const pipelineSetAside = of<{ pipeline: string; mistake: string }>("error", "pipeline.setAside");
