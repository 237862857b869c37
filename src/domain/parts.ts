import type { SinkDefinition } from "./definition.ts";
import type { ProcessRecord } from "./records.ts";

export type TableMode = "changes" | "snapshot";

/** One part that a batch owes to a sink. */
export interface OwedPart {
  readonly table: string;
  readonly path: string;
  readonly rows: number;
}

/** Everything that a batch owes to a sink. A head counts by this order: the definition's tables, parts as listed. */
export function partsOwed(
  { tables, sinks }: ProcessRecord,
  sink: string,
  definition: SinkDefinition,
): OwedPart[] {
  const modes = sinks[sink]?.tables ?? {};
  return definition.tables.flatMap((table) => {
    const { changes = [], snapshot = [] } = tables[table] ?? {};
    const parts =
      modes[table] === undefined
        ? []
        : modes[table] === "snapshot"
          ? snapshot
          : changes;
    return parts.map(({ path, rows }) => ({ table, path, rows }));
  });
}
