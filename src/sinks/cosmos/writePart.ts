import type { DocumentWrite } from "../../adapters/cosmos/index.ts";
import type { AppContext } from "../../context.ts";
import {
  containerOf,
  documentOf,
  tombstoneOf,
  type Line,
} from "../../domain/documents.ts";
import { fenceOf } from "../../domain/fences.ts";
import type { OwedPart, TableMode } from "../../domain/parts.ts";
import { AssayError } from "../../errors.ts";
import { partDelivered } from "../../telemetry/events.ts";
import type { SinkRef } from "../kind.ts";
import { openRefused } from "../refused.ts";
import type { Effect } from "../waves.ts";
import { chunksOf } from "./chunks.ts";
import {
  isPartitionFull,
  patchFound,
  refusal,
  writeAll,
  type Written,
} from "./writeAll.ts";

export interface WritePart extends SinkRef {
  readonly batch: number;
  readonly incarnation: string;
  readonly part: OwedPart;
  readonly mode: TableMode;
  /** So many documents are set aside, by the head. */
  readonly refused: number;
}

interface Row {
  readonly key: readonly string[];
  readonly write: DocumentWrite;
}

/**
 * Writes the documents of one part. Run again, it writes the same documents again; where a newer batch has written
 * since, it changes nothing. Holds a few megabytes of lines in memory, however large the part is.
 */
export async function writePart(
  context: AppContext,
  { pipeline, sink, batch, incarnation, part, mode, refused }: WritePart,
): Promise<Effect> {
  const { lake, store, log } = context;
  const { table, path } = part;
  const lines = await lake.readLines(path);
  if (!lines)
    throw new AssayError("STATE_MISSING", `${path} is not in the lake.`);
  const container = containerOf(pipeline, table);
  const fence = fenceOf(incarnation, batch);
  const ref = { pipeline, sink };
  const aside = await openRefused(lake, ref, table, refused);
  const counts = { upserted: 0, deleted: 0, skipped: 0, refused: 0 };
  let cleared = 0;
  // A container that a snapshot goes to is empty or nearly full: what most of a chunk met is expected of the next.
  let expected: DocumentWrite["kind"] = "create";

  for await (const chunk of chunksOf(lines)) {
    const rows = chunk.map((text) =>
      rowOf(text, { batch, fence, expected, mode }),
    );
    const written = await writeAll(
      store,
      container,
      rows.map(({ write }) => write),
    );
    if (written.filter(({ isExpected }) => isExpected).length * 2 < rows.length)
      expected = expected === "create" ? "patch" : "create";
    for (const [index, { key, write }] of rows.entries()) {
      const { end, status } = written[index] ?? NOT_WRITTEN;
      counts[end] += 1;
      if (end === "refused") {
        // What is served of this key is of an older row: nothing is served rather than that.
        const document = tombstoneOf(write.document, batch, fence);
        const left = await patchFound(store, container, [
          { kind: "patch", document, bytes: 0 },
        ]);
        // A full partition keeps it: that is for the platform to mend, and not a document to set aside.
        if (left.some(isPartitionFull)) throw refusal(container, write, status);
        const reason = REASONS[status] ?? `Cosmos DB answered ${status}.`;
        await aside.add({ version: 2, table, key, batch, status, reason });
      } else if (await aside.clear(key)) cleared += 1;
    }
  }
  partDelivered(log, { pipeline, sink, batch, table, ...counts });
  return { kind: "done", refused: counts.refused, cleared };
}

const NOT_WRITTEN: Written = { end: "skipped", status: 0, isExpected: false };

const REASONS: Readonly<Record<number, string>> = {
  400: "Cosmos DB takes no document of this form: its key is empty or too long, or its value is nested too deeply.",
  403: "The logical partition is full: the first column of the table's key names 20 GB of documents.",
  413: "The document is larger than 2 MB.",
};

function rowOf(
  text: string,
  {
    batch,
    fence,
    expected,
    mode,
  }: {
    readonly batch: number;
    readonly fence: string;
    readonly expected: DocumentWrite["kind"];
    readonly mode: TableMode;
  },
): Row {
  const line = JSON.parse(text) as Line;
  const isNew = line.op === "upsert" && line.isNew === true;
  const kind = mode === "snapshot" ? expected : isNew ? "create" : "patch";
  const document = documentOf(line, batch, fence);
  return {
    key: line.key,
    write: { kind, document, bytes: Buffer.byteLength(text) },
  };
}
