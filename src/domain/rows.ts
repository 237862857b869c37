/** What became of the rows that a pipeline was given, and which share of them did not arrive. */
import type { Definition } from "./definition.ts";
import type { InputStatus, ProcessRecord, SinkHead } from "./records.ts";

/** As the watcher notes it of the newest batches. */
export type RecentRows = Pick<InputStatus, "rows" | "tables">;
type NotedRows = NonNullable<InputStatus["rows"]>[string];

/** What was noted, and a batch after it. A source without new rows keeps what its last ones came to. */
export function rowsAfter(
  before: RecentRows,
  {
    batch,
    sources,
    tables,
  }: Pick<ProcessRecord, "batch" | "sources" | "tables">,
): RecentRows {
  const rows: Record<string, NotedRows> = { ...before.rows };
  for (const [source, account] of Object.entries(sources)) {
    const { accepted, late, quarantined, quarantinedBy } = account;
    const found = accepted + late + quarantined;
    if (found === 0) continue;
    const reasons = quarantinedBy === undefined ? {} : { quarantinedBy };
    const own = { batch, rows: found, quarantined, ...reasons, late };
    rows[source] = [own, ...(rows[source] ?? []).slice(0, 1)];
  }
  return {
    ...(Object.keys(rows).length > 0 ? { rows } : {}),
    tables: Object.fromEntries(
      Object.entries(tables).map(([table, { rows: all, refused }]) => [
        table,
        { rows: all, refused },
      ]),
    ),
  };
}

const known = <T>(
  all: Readonly<Record<string, T>>,
  names: object,
): Record<string, T> =>
  Object.fromEntries(
    Object.entries(all).filter(([name]) => Object.hasOwn(names, name)),
  );

/** Without the sources and tables that the definition has no more: nobody could mend them. */
export const rowsOfDefinition = (
  { rows, tables }: RecentRows,
  { sources, gold }: Pick<Definition, "sources" | "gold">,
): RecentRows => ({
  ...(rows ? { rows: known(rows, sources) } : {}),
  ...(tables ? { tables: known(tables, gold) } : {}),
});

/** So few rows say little of a share, unless it is all of them. */
const FEW_ROWS = 20;

/** The newest rows of a source. Duplicates are not among them. */
export interface NewestRows {
  readonly batches: readonly number[];
  readonly rows: number;
  readonly quarantined: number;
  readonly quarantinedBy: Readonly<Record<string, number>>;
  readonly late: number;
}

/** Those of its last batch, and of the one before where they are few. */
export function newestRows(noted: NotedRows): NewestRows {
  const isEnough = (noted[0]?.rows ?? 0) >= FEW_ROWS;
  const counted = isEnough ? noted.slice(0, 1) : noted;
  const sum = { batches: [] as number[], rows: 0, quarantined: 0, late: 0 };
  const quarantinedBy: Record<string, number> = {};
  for (const each of counted) {
    sum.batches.unshift(each.batch);
    sum.rows += each.rows;
    sum.quarantined += each.quarantined;
    sum.late += each.late;
    for (const [reason, rows] of Object.entries(each.quarantinedBy ?? {}))
      quarantinedBy[reason] = (quarantinedBy[reason] ?? 0) + rows;
  }
  return { ...sum, quarantinedBy };
}

/** What a batch's account counts, as shares of the rows that it was given without duplicates. */
export const sharesOfAccount = ({
  accepted,
  late,
  quarantined,
}: Pick<
  ProcessRecord["sources"][string],
  "accepted" | "late" | "quarantined"
>) => ({
  quarantinedShare: shareOf(quarantined, accepted + late + quarantined),
  lateShare: shareOf(late, accepted + late + quarantined),
});

type Refused = ProcessRecord["tables"][string]["refused"];

export const refusedRows = (refused: Refused): number =>
  Object.values(refused).reduce((sum, rows) => sum + rows, 0);

/** Of the rows that the table's SELECT gives. */
export const refusedShareOf = ({
  rows,
  refused,
}: Pick<ProcessRecord["tables"][string], "rows" | "refused">): number =>
  shareOf(refusedRows(refused), rows + refusedRows(refused));

/**
 * How many documents a sink is to deliver in all, those included that its store refuses; undefined where no batch has
 * counted the rows of its tables yet.
 */
export function documentsOfSink(
  { tables: counted = {} }: RecentRows,
  {
    tables,
    refused,
  }: { readonly tables: readonly string[] } & Pick<SinkHead, "refused">,
): number | undefined {
  const rows = tables.reduce(
    (sum, table) => sum + (counted[table]?.rows ?? 0),
    0,
  );
  return rows === 0 ? undefined : Math.max(rows, refused);
}

/** With four digits, as many as anybody reads. */
export const shareOf = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000;

/** Shares that nobody need look after; late rows are in silver and gold like any other. */
export const DEFAULT_TOLERATED = { quarantined: 0.1, refused: 0.1 };

export type Tolerated = typeof DEFAULT_TOLERATED & { readonly late?: number };

export const toleratedBy = ({
  tolerated,
}: Pick<Definition, "tolerated">): Tolerated => tolerated ?? DEFAULT_TOLERATED;

/** Whether so many rows are to be looked after. */
export const isBeyond = (
  part: number,
  whole: number,
  tolerated: number,
): boolean => part > tolerated * whole && (whole >= FEW_ROWS || part === whole);
