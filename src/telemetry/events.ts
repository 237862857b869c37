/** Every event that the app logs: past tense, identifiers as fields. Bodies, keys of rows and tokens are never fields. */

export type Level = "information" | "warning" | "error";
export type Fields = Readonly<Record<string, string | number | boolean>>;
export type Log = (level: Level, event: string, fields: Fields) => void;

type Event<F> = (log: Log, fields: F) => void;

const event =
  (level: Level, name: string): Event<object> =>
  (log, fields) =>
    log(level, name, fields as Fields);

interface Range {
  readonly hub: string;
  readonly partition: string;
  readonly first: number;
  readonly last: number;
}
interface File {
  readonly pipeline: string;
  readonly source: string;
  readonly id: string;
}
interface Batch {
  readonly pipeline: string;
  readonly batch: number;
}
interface Request {
  readonly pipeline: string;
  readonly request: string;
  readonly kind: string;
}
interface Attempt extends Batch {
  readonly attempt: number;
  readonly runId: number;
}
interface Hole {
  readonly pipeline: string;
  readonly stream: string;
  readonly generation: string;
  readonly partition: string;
  readonly from: number;
  readonly to: number;
}
interface Sink {
  readonly pipeline: string;
  readonly sink: string;
}
interface SinkBatch extends Sink {
  readonly batch: number;
}

export const streamRegistered: Event<{ hub: string; generation: string }> =
  event("information", "stream.registered");
export const eventsLanded: Event<Range & { bytes: number }> = event(
  "information",
  "events.landed",
);
export const eventsRedelivered: Event<Range> = event(
  "information",
  "events.redelivered",
);
export const eventsConflicted: Event<Range & { path: string }> = event(
  "error",
  "events.conflicted",
);

export const fileClaimed: Event<File & { bytes: number }> = event(
  "information",
  "file.claimed",
);
export const fileVanished: Event<File> = event("warning", "file.vanished");
/** The others are taken all the same; the next sweep tries this one again. */
export const fileFailed: Event<{
  pipeline: string;
  path: string;
  message: string;
}> = event("error", "file.failed");
export const fileRefused: Event<{ path: string; why: string }> = event(
  "warning",
  "file.refused",
);

export const watcherAsked: Event<{ pipeline: string; outcome: string }> = event(
  "information",
  "watcher.asked",
);
export const watcherStartFailed: Event<{ pipeline: string; message: string }> =
  event("warning", "watcher.startFailed");
export const sweepFailed: Event<{ pipeline: string; message: string }> = event(
  "error",
  "sweep.failed",
);
export const historyPurgeFailed: Event<{ message: string }> = event(
  "warning",
  "history.purgeFailed",
);
export const pipelineDisabled: Event<{ pipeline: string; mistake: string }> =
  event("error", "pipeline.disabled");

export const requestFailed: Event<{
  route: string;
  code: string;
  correlationId: string;
  message: string;
}> = event("error", "request.failed");

export const ingestionBehind: Event<{ pipeline: string; events: number }> =
  event("warning", "ingestion.behind");
export const gapFound: Event<Hole & { closesAt: string }> = event(
  "warning",
  "gap.found",
);
/** Events are accounted for as expired or missing, or those that were came after all. */
export const gapClosed: Event<Hole & { batch: number; reason: string }> = event(
  "error",
  "gap.closed",
);
export const batchPlanned: Event<
  Batch & { kind: string; events: number; files: number }
> = event("information", "batch.planned");
export const batchAdopted: Event<Batch> = event("information", "batch.adopted");
export const batchUnblocked: Event<Batch & { definition: string }> = event(
  "information",
  "batch.unblocked",
);
export const jobRunStarted: Event<Attempt> = event(
  "information",
  "jobRun.started",
);
export const jobRunFailed: Event<Attempt & { message: string; fault: string }> =
  event("warning", "jobRun.failed");
export const batchBlocked: Event<Batch & { code: string; message: string }> =
  event("error", "batch.blocked");
export const batchProcessed: Event<Attempt & { seconds: number }> = event(
  "information",
  "batch.processed",
);
export const batchSkipped: Event<Batch & { request: string }> = event(
  "warning",
  "batch.skipped",
);
export const requestSettled: Event<Request> = event(
  "information",
  "request.settled",
);
/** Nothing could be done about it: the batch is not blocked, or the sink is not known. */
export const requestIgnored: Event<Request> = event(
  "warning",
  "request.ignored",
);

/** A file among the requests that is none, by its name or by its content: it stays where it is. */
export const requestRefused: Event<{ pipeline: string; path: string }> = event(
  "warning",
  "request.refused",
);

export const deliveryAsked: Event<Sink & { outcome: string }> = event(
  "information",
  "delivery.asked",
);
export const deliveryStartFailed: Event<Sink & { message: string }> = event(
  "warning",
  "delivery.startFailed",
);
export const partDelivered: Event<
  SinkBatch & {
    table: string;
    upserted: number;
    deleted: number;
    skipped: number;
    refused: number;
  }
> = event("information", "part.delivered");
export const oldDocumentsRemoved: Event<
  SinkBatch & { table: string; documents: number }
> = event("information", "oldDocuments.removed");
export const batchDelivered: Event<SinkBatch & { refused: number }> = event(
  "information",
  "batch.delivered",
);
export const sinkBlocked: Event<
  SinkBatch & {
    code: string;
    message: string;
    fault: string;
    failures: number;
  }
> = event("error", "sink.blocked");
export const sinkUnblocked: Event<SinkBatch> = event(
  "information",
  "sink.unblocked",
);
export const sinkRetired: Event<Sink & { kind: string }> = event(
  "information",
  "sink.retired",
);
export const sinkKindUnknown: Event<Sink & { kind: string }> = event(
  "warning",
  "sink.kindUnknown",
);
export const changesRemoved: Event<Batch> = event(
  "information",
  "changes.removed",
);
