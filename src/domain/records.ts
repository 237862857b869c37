/** The documents below `_assay`, as types. `schemas/` says of each what it is, and is the only place that does. */
import type { z } from "zod";
import type * as batch from "./schemas/batch.ts";
import type * as pipeline from "./schemas/pipeline.ts";
import type * as status from "./schemas/status.ts";
import type * as sweep from "./schemas/sweep.ts";
import type { DOCUMENT_VERSION, ends, part } from "./schemas/shared.ts";

export type DeepReadonly<T> = T extends object
  ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
  : T;
/** A document that a schema describes. */
type DocumentOf<Schema extends z.ZodType> = DeepReadonly<z.infer<Schema>>;

export type StreamRecord = DocumentOf<typeof pipeline.stream>;
export type IncarnationRecord = DocumentOf<typeof pipeline.incarnation>;
export type PendingFile = DocumentOf<typeof pipeline.pendingFile>;
export type FileAssignment = DocumentOf<typeof pipeline.fileAssignment>;
export type InputStatus = DocumentOf<typeof status.inputStatus>;
export type PlanFailure = DocumentOf<typeof status.planFailure>;
export type SetAsideFile = DocumentOf<typeof sweep.setAsideFile>;
export type SweepReport = DocumentOf<typeof sweep.sweepReport>;
export type OperatorRequest = DocumentOf<typeof pipeline.request>;
export type SinkHead = DocumentOf<typeof pipeline.sinkHead>;
export type RefusedDocument = DocumentOf<typeof pipeline.refusedDocument>;

export type Ends = DocumentOf<typeof ends>;
export type Part = DocumentOf<typeof part>;
export type Manifest = DocumentOf<typeof batch.manifest>;
export type Slice = Manifest["slices"][number];
export type ManifestGap = NonNullable<Manifest["gaps"]>[number];
export type AwaitedRange = NonNullable<Manifest["awaited"]>[number];
export type ManifestFile = Manifest["files"][number];
export type DefinitionOverride = DocumentOf<typeof batch.definitionOverride>;
export type AttemptRecord = DocumentOf<typeof batch.attempt>;
export type FailureRecord = DocumentOf<typeof batch.failure>;
export type SilverRecord = DocumentOf<typeof batch.silver>;
export type ProcessRecord = DocumentOf<typeof batch.process>;
export type ProcessedTable = ProcessRecord["tables"][string];
export type SkippedRecord = DocumentOf<typeof batch.skipped>;
export type BlockedRecord = DocumentOf<typeof batch.blocked>;

export type DocumentVersion = typeof DOCUMENT_VERSION;
