import { countOf } from "./positions.ts";
import type { Reconciliation } from "./reconcile.ts";

type Row = readonly [name: string, count: number | string, origin: string];

/** The figures of one pipeline, as people read them. */
export function renderFigures(reconciliation: Reconciliation): string {
  const rows = [
    ...reconciliation.streams.flatMap((stream) =>
      streamRows(stream, reconciliation),
    ),
    ...[...reconciliation.files.values()].map(
      ({ source, rows: count }): Row => [
        `rows of ${source}`,
        count ?? "not counted",
        "the claimed file",
      ],
    ),
    ...Object.entries(reconciliation.tables.silver).map(
      ([source, { rows: count }]): Row => [
        `silver ${source}`,
        count,
        "Delta table, read by delta-rs",
      ],
    ),
    ...goldRows(reconciliation),
  ];
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  const lines = rows.map(
    ([name, count, origin]) =>
      `  ${name.padEnd(width)}  ${String(count).padStart(7)}   ${origin}`,
  );
  return [`${reconciliation.pipeline}:`, ...lines].join("\n");
}

/** The one sentence that all figures lead to. */
export function renderVerdict(all: readonly Reconciliation[]): string {
  const differences = all.flatMap((one) =>
    one.differences.map((text) => `  ${one.pipeline}: ${text}`),
  );
  return differences.length === 0
    ? "The books balance."
    : ["The books do not balance:", ...differences].join("\n");
}

function streamRows(
  { source, sent, hub, bronze }: Reconciliation["streams"][number],
  { tables, accounts }: Reconciliation,
): Row[] {
  const verdicts = tables.sources[source]?.verdicts ?? {};
  const verdict = (name: string): number => verdicts[name] ?? 0;
  const skipped = accounts.sources[source]?.skipped ?? 0;
  return [
    ["events sent", sent ?? "-", "who sent them"],
    ["events in the hub", countOf([...hub.values()]), "the hub's management"],
    ["events in bronze", bronze.events, "Avro files, read by avsc"],
    ["  accepted", verdict("accepted"), "silver's log, read by delta-rs"],
    ["  duplicates", verdict("duplicate"), "silver's log"],
    ["  quarantined", verdict("quarantined"), "silver's log"],
    ["  late", verdict("late"), "silver's log"],
    ...(skipped === 0
      ? []
      : [["  skipped", skipped, "the skipped batches"] as const]),
  ];
}

function goldRows({ tables, served }: Reconciliation): Row[] {
  return Object.entries(tables.gold).flatMap(([table, { rows }]): Row[] => [
    [`gold ${table}`, rows, "Delta table, read by delta-rs"],
    ...served.flatMap(({ documents, refused }): Row[] => {
      const found = documents.get(table);
      if (found === undefined) return [];
      const refusedHere = refused.byTable[table] ?? 0;
      return [
        ["  documents", found.count, "a count in Cosmos"],
        ...(refusedHere === 0
          ? []
          : [
              [
                "  refused",
                refusedHere,
                "by Cosmos DB, each with its reason in the lake",
              ] as const,
            ]),
      ];
    }),
  ]);
}
