import type { ProcessRecord } from "../../domain/records.ts";
import type { SinkRef } from "../kind.ts";

/** A CloudEvent in its structured mode. https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md */
export interface BatchDelivered {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: "assay.batch.delivered";
  readonly datacontenttype: "application/json";
  readonly data: {
    readonly pipeline: string;
    readonly batch: number;
    readonly tables: Readonly<Record<string, TableCounts>>;
    /** Of the batch's view, below the app's own address. */
    readonly link: string;
  };
}

interface TableCounts {
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

/** A function of the batch alone: sent again, it is the same event with the same id. */
export function eventOf(
  { pipeline, sink }: SinkRef,
  { incarnation, batch, tables, sinks }: ProcessRecord,
): BatchDelivered {
  const counts = Object.keys(sinks[sink]?.tables ?? {}).flatMap((table) => {
    const counted = tables[table];
    if (!counted) return [];
    const { rows, inserted, updated, deleted } = counted;
    return [[table, { rows, inserted, updated, deleted }] as const];
  });
  return {
    specversion: "1.0",
    id: `${incarnation}/${batch}/${sink}`,
    source: `/pipelines/${pipeline}`,
    type: "assay.batch.delivered",
    datacontenttype: "application/json",
    data: {
      pipeline,
      batch,
      tables: Object.fromEntries(counts),
      link: `/api/batches/${pipeline}/${batch}`,
    },
  };
}
