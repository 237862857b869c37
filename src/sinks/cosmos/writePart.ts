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
import { openRefused } from "../refusedDocuments.ts";
import { TOO_MANY_REFUSED } from "../deliverParts.ts";
import type { Effect } from "../effects.ts";
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
  /** So many documents are refused, by the head. */
  readonly refused: number;
  /** So many more may be refused. Absent: as many as there are. */
  readonly limit?: number;
}

interface Row {
  readonly key: readonly string[];
  readonly write: DocumentWrite;
}

/**
 * Writes the documents of one part. Run again, it writes the same documents again; where a newer batch has written
 * since, it changes nothing. One more refused document than the limit, and it stops, with that one as it was. Holds a
 * few megabytes of lines in memory, however large the part is.
 */
export async function writePart(
  context: AppContext,
  ask: WritePart,
): Promise<Effect> {
  const { lake, store, log } = context;
  const { pipeline, sink, batch, incarnation, mode, limit = Infinity } = ask;
  const { table, path } = ask.part;
  const lines = await lake.readLines(path);
  if (!lines)
    throw new AssayError("STATE_MISSING", `${path} is not in the lake.`);
  const container = containerOf(pipeline, table);
  const fence = fenceOf(incarnation, batch);
  const ref = { pipeline, sink };
  const refused = await openRefused(lake, ref, table, ask.refused);
  const counts = { upserted: 0, deleted: 0, skipped: 0, refused: 0 };
  let added = 0;
  let cleared = 0;
  // A container that a snapshot goes to is empty or nearly full: what most of a chunk met is expected of the next.
  let expected: DocumentWrite["kind"] = "create";

  for await (const chunk of chunksOf(lines)) {
    const rows = chunk.flatMap((text) =>
      rowsOf(text, { batch, fence, expected, mode }),
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
        const isNew = !refused.has(key);
        if (isNew && added >= limit)
          return { kind: "failed", failure: TOO_MANY_REFUSED, refused: added };
        // What is served of this key is of an older row: nothing is served rather than that.
        const document = tombstoneOf(write.document, batch, fence);
        const left = await patchFound(store, container, [
          { kind: "patch", document, bytes: 0 },
        ]);
        // A full partition keeps it: that is for the platform to mend, and no document's own fault.
        if (left.some(isPartitionFull)) throw refusal(container, write, status);
        const reason = reasonOf(status);
        await refused.add({ version: 3, table, key, batch, status, reason });
        if (isNew) added += 1;
      } else if (await refused.clear(key)) cleared += 1;
    }
  }
  partDelivered(log, { pipeline, sink, batch, table, ...counts });
  return { kind: "done", refused: added, cleared };
}

const NOT_WRITTEN: Written = { end: "skipped", status: 0, isExpected: false };

/** Of each answer that `writeAll` takes for the document's own fault. */
function reasonOf(status: number): string {
  if (status === 403)
    return "The logical partition is full: the first column of the table's key names 20 GB of documents.";
  if (status === 413) return "The document is larger than 2 MB.";
  return "Cosmos DB takes no document of this form: its key is empty or too long, or its value is nested too deeply.";
}

/** None of a row that the job refused. */
function rowsOf(
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
): Row[] {
  const line = JSON.parse(text) as Line;
  if (line.op === "refused") return [];
  const isNew = line.op === "upsert" && line.isNew === true;
  const kind = mode === "snapshot" ? expected : isNew ? "create" : "patch";
  const document = documentOf(line, batch, fence);
  const bytes = Buffer.byteLength(text);
  return [{ key: line.key, write: { kind, document, bytes } }];
}
