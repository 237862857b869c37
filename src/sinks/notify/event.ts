import type { Definition } from "../../domain/definition.ts";
import { SERVING_KIND } from "../../domain/documents.ts";
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
    readonly tables: Readonly<Record<string, TableChange>>;
    /** Of the batch's view, below the app's own address. */
    readonly link: string;
  };
}

interface TableChange {
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  /** Where the API has its rows, behind which the parts of a key go. Absent where no sink of this batch serves it. */
  readonly link?: string;
}

/** A function of the batch and of its own definition: sent again, it is the same event with the same id. */
export function eventOf(
  { pipeline, sink }: SinkRef,
  { incarnation, batch, tables, sinks }: ProcessRecord,
  definition: Pick<Definition, "sinks">,
): BatchDelivered {
  const served = new Set(
    Object.entries(sinks).flatMap(([name, { tables: own }]) =>
      definition.sinks[name]?.kind === SERVING_KIND ? Object.keys(own) : [],
    ),
  );
  const own = Object.keys(sinks[sink]?.tables ?? {});
  const counted = Object.entries(tables).filter(([table]) =>
    own.includes(table),
  );
  const changes = counted.map(([table, counts]) => {
    const { rows, inserted, updated, deleted } = counts;
    const link = `/api/insights/${pipeline}/${table}`;
    const where = served.has(table) ? { link } : {};
    const change: TableChange = { rows, inserted, updated, deleted, ...where };
    return [table, change] as const;
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
      tables: Object.fromEntries(changes),
      link: `/api/batches/${pipeline}/${batch}`,
    },
  };
}
