import type { AppContext } from "../context.ts";
import type { Definition, SinkDefinition } from "../domain/definition.ts";
import { partsOwed } from "../domain/parts.ts";
import { isHeldBy } from "../domain/sinkHeads.ts";
import type { ProcessRecord, SinkHead } from "../domain/records.ts";
import { AssayError } from "../errors.ts";
import { findHead } from "../ledger/heads.ts";
import { sinkRetired } from "../telemetry/events.ts";
import type { Delivery, SinkKinds, SinkRef } from "./kind.ts";
import { findNextOwed } from "./findNextOwed.ts";
import { isNamed, replaceAtWork } from "./retiring.ts";
import { settleRetries } from "./settleRetries.ts";
import { stopWithoutKind } from "./stopWithoutKind.ts";

/** As many parts as one generation of an orchestration delivers: three waves of eight. */
const PARTS_AHEAD = 24;

/**
 * Blocked by what an operator mends with a reload, and each batch that ends may be the one that she asked for; or by
 * what a newer version of the app, which may be this one, mends.
 */
const PROBED_AT_ONCE: ReadonlySet<string> = new Set([
  "SINK_TARGET_REPLACED",
  "SINK_KIND_UNKNOWN",
]);

export interface PrepareDelivery extends SinkRef {
  /** The orchestration's own time. */
  readonly at: string;
}

/** `passed`: the last batch that was passed over; other sinks may wait for it. */
export type Prepared = { readonly passed?: number } & (
  | { readonly kind: "deliver"; readonly delivery: Delivery }
  | {
      readonly kind:
        "idle" | "waiting" | "blocked" | "retired" | "lost" | "more";
    }
);

/**
 * What a sink has to do next, by its head and by what is sealed. It passes over batches that owe nothing to the sink,
 * and retires the sink behind the last of them, unless it is named again. Run again, it answers the same. Costs a listing of the requests, a
 * read of the head and one of each batch that is passed over.
 */
export async function prepareDelivery(
  context: AppContext,
  kinds: SinkKinds,
  ask: PrepareDelivery,
): Promise<Prepared> {
  const { lake } = context;
  const { pipeline, sink, at } = ask;
  const asked = await settleRetries(context, ask);
  const found = await findHead(lake, pipeline, sink);
  if (!found) return { kind: "idle" };
  const { head } = found;
  if (!isProbeDue(head, at)) return { kind: "blocked" };

  const owed = await findNextOwed(context, pipeline, head);
  const isPassing = owed.batch > head.nextBatch;
  const passed = isPassing ? { passed: owed.batch - 1 } : {};
  const move = (change: Partial<SinkHead>): Promise<boolean> =>
    replaceAtWork(context, pipeline, found, { ...change, updatedAt: at });

  if (owed.kind !== "owed") {
    const isRetired = head.retiredAt !== undefined;
    if (isRetired) return { kind: "retired" };
    if (!isPassing) return { kind: "idle" };
    const retires =
      owed.kind === "none" &&
      owed.isRemoved &&
      !(await isNamed(context, ask, owed.batch));
    const change = retires ? { retiredAt: at } : {};
    if (!(await move({ ...placeOf(owed.batch, 0), ...change })))
      return { kind: "lost" };
    if (retires) sinkRetired(context.log, { pipeline, sink, kind: head.kind });
    const kind = owed.kind === "more" ? "more" : retires ? "retired" : "idle";
    return { kind, ...passed };
  }

  const { process, definition } = owed;
  const own = sinkOf(definition, sink);
  if (!Object.hasOwn(kinds, own.kind)) {
    const kind = await stopWithoutKind(context, ask, found, {
      kind: own.kind,
      batch: owed.batch,
    });
    return { kind, ...passed };
  }
  const isOther = own.kind !== head.kind;
  const part = isPassing ? 0 : head.deliveredParts;
  if (isPassing || isOther || head.retiredAt !== undefined) {
    const changed = isOther ? { kind: own.kind, record: {} } : {};
    if (!(await move({ ...placeOf(owed.batch, part), ...changed })))
      return { kind: "lost" };
  }
  const { after } = own;
  const earlier =
    after === undefined ? undefined : await findHead(lake, pipeline, after);
  if (isHeldBy(process, after, earlier?.head))
    return { kind: "waiting", ...passed };
  const delivery = deliveryOf(ask, head, { process, definition, part, asked });
  return { kind: "deliver", delivery, ...passed };
}

const placeOf = (nextBatch: number, deliveredParts: number) => ({
  nextBatch,
  deliveredParts,
});

function sinkOf({ sinks, digest }: Definition, sink: string): SinkDefinition {
  const found = sinks[sink];
  if (found) return found;
  throw new AssayError("STATE_MISSING", `${digest} has no sink ${sink}.`);
}

function isProbeDue({ blocked }: SinkHead, at: string): boolean {
  if (blocked === undefined || PROBED_AT_ONCE.has(blocked.code)) return true;
  return Date.parse(blocked.retryAt) <= Date.parse(at);
}

function deliveryOf(
  { pipeline, sink }: SinkRef,
  { blocked, refused }: SinkHead,
  {
    process,
    definition,
    part,
    asked,
  }: {
    process: ProcessRecord;
    definition: Definition;
    part: number;
    asked: boolean;
  },
): Delivery {
  const own = sinkOf(definition, sink);
  const parts = partsOwed(process, sink, own);
  return {
    pipeline,
    sink,
    kind: own.kind,
    batch: process.batch,
    incarnation: process.incarnation,
    tables: process.sinks[sink]?.tables ?? {},
    part,
    parts: parts.length,
    next: parts.slice(part, part + PARTS_AHEAD),
    isProbe: blocked !== undefined,
    takesRefused: asked || blocked?.code === "DOCUMENTS_REFUSED",
    refused,
    hasFollowers: Object.keys(process.sinks).some(
      (other) => definition.sinks[other]?.after === sink,
    ),
  };
}
