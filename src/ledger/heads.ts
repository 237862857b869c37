/** How far each sink has delivered. A head is changed only under If-Match; who loses stops. */
import type { Lake } from "../adapters/lake/index.ts";
import type { Definition } from "../domain/definition.ts";
import { sinkPaths } from "../domain/paths.ts";
import type { SinkHead } from "../domain/records.ts";
import {
  createDocument,
  findDocumentWithEtag,
  replaceDocument,
} from "./documents.ts";
import { namesSink } from "./namesSink.ts";

/** The change sets of the newest batches are kept whatever happens, for whoever looks into what went wrong. */
export const KEPT_BATCHES = 20;

export interface FoundHead {
  readonly head: SinkHead;
  readonly etag: string;
}

export async function findHead(
  lake: Lake,
  pipeline: string,
  sink: string,
): Promise<FoundHead | undefined> {
  const { head } = sinkPaths(pipeline, sink);
  const found = await findDocumentWithEtag<SinkHead>(lake, head);
  return found && { head: found.document, etag: found.etag };
}

/**
 * False when somebody else changed it since it was read. A write whose answer was lost is repeated below, and refused
 * then: what stands there tells that it was ours.
 */
export async function replaceHead(
  lake: Lake,
  pipeline: string,
  { etag }: FoundHead,
  next: SinkHead,
): Promise<boolean> {
  const { head: path } = sinkPaths(pipeline, next.sink);
  if (await replaceDocument(lake, path, next, etag)) return true;
  const found = await findHead(lake, pipeline, next.sink);
  return JSON.stringify(found?.head) === JSON.stringify(next);
}

/**
 * Gives each sink of the definition a head that begins with this batch, before the manifest is written. A sink that
 * was retired begins anew with it, unless the batch that it stands at names it: then it goes on there. One read for
 * each sink, and a look at one batch for each that was retired.
 */
export async function ensureHeads(
  { lake, now }: { readonly lake: Lake; readonly now: () => number },
  { pipeline, sinks }: Definition,
  batch: number,
): Promise<void> {
  await Promise.all(
    Object.entries(sinks).map(async ([sink, { kind }]) => {
      const first: SinkHead = {
        version: 3,
        sink,
        kind,
        nextBatch: batch,
        deliveredParts: 0,
        refused: 0,
        updatedAt: new Date(now()).toISOString(),
        record: {},
      };
      const found = await findHead(lake, pipeline, sink);
      if (!found)
        await createDocument(lake, sinkPaths(pipeline, sink).head, first);
      else if (found.head.retiredAt !== undefined) {
        const { head } = found;
        // Whoever retired it had not seen yet that it was named again.
        const goesOn =
          head.nextBatch < batch &&
          head.nextBatch >= batch - KEPT_BATCHES &&
          (await namesSink(lake, pipeline, head.nextBatch, sink));
        const next: SinkHead = goesOn
          ? { ...withoutRetirement(head), updatedAt: first.updatedAt }
          : {
              ...first,
              nextBatch: Math.max(batch, head.nextBatch),
              refused: head.refused,
            };
        // Another planner that was first wrote the same, for the same batch.
        await replaceHead(lake, pipeline, found, next);
      }
    }),
  );
}

export interface HeadPosition {
  readonly batch: number;
  readonly part: number;
}

export interface HeadMove {
  readonly pipeline: string;
  readonly sink: string;
  /** Where whoever moves the head takes it to be. */
  readonly from: HeadPosition;
  /** The orchestration's own time: it tells a repeated move from somebody else's. */
  readonly at: string;
}

/**
 * Moves a head that stands where it is expected, or changes it there; nothing is written where the change is none. What
 * the same call did already, before its answer was lost, is not done again. The head as it is then; undefined for the
 * loser of two.
 */
export async function moveHead(
  lake: Lake,
  { pipeline, sink, from, at }: HeadMove,
  to: HeadPosition,
  change: (head: SinkHead) => SinkHead | Promise<SinkHead>,
): Promise<SinkHead | undefined> {
  const found = await findHead(lake, pipeline, sink);
  if (!found) return undefined;
  const { head } = found;
  if (!isAt(head, from))
    return isAt(head, to) && head.updatedAt === at ? head : undefined;
  const changed = await change(head);
  if (changed === head && isAt(head, to)) return head;
  const place = { nextBatch: to.batch, deliveredParts: to.part };
  const next = { ...changed, ...place, updatedAt: at };
  return (await replaceHead(lake, pipeline, found, next)) ? next : undefined;
}

const isAt = (head: SinkHead, { batch, part }: HeadPosition): boolean =>
  head.nextBatch === batch && head.deliveredParts === part;

export function withoutBlock(head: SinkHead): SinkHead {
  const free: { blocked?: unknown } & SinkHead = { ...head };
  delete free.blocked;
  return free;
}

export function withoutRetirement(head: SinkHead): SinkHead {
  const atWork: { retiredAt?: unknown } & SinkHead = { ...head };
  delete atWork.retiredAt;
  return atWork;
}
