import type { Books } from "./index.ts";
import { countOf } from "./positions.ts";

/** Seconds of each stage of a run of the platform, in the order of their beginning. */
export type Stages = readonly (readonly [stage: string, seconds: number])[];

/** The books as people read them. */
export function renderBooks(books: Books, stages: Stages): string {
  const log = books.tables.sources[books.source]?.verdicts ?? {};
  const verdict = (name: string): number => log[name] ?? 0;
  const rows: [string, number | string, string][] = [
    ["events sent", books.sent ?? "-", "the player"],
    [
      "events in the hub",
      countOf([...books.hub.values()]),
      "the hub's management",
    ],
    ["events in bronze", books.bronze.events, "Avro files, read by avsc"],
    ["  accepted", verdict("accepted"), "silver's log, read by delta-rs"],
    ["  duplicates", verdict("duplicate"), "silver's log"],
    ["  quarantined", verdict("quarantined"), "silver's log"],
    ["  late", verdict("late"), "silver's log"],
    ...[...books.files].map(([, file]): [string, number, string] => [
      `rows of ${file.source}`,
      file.rows,
      "the claimed file",
    ]),
    ...Object.entries(books.tables.gold).flatMap(
      ([table, { rows: count }]): [string, number, string][] => [
        [`gold ${table}`, count, "Delta table, read by delta-rs"],
        [
          "  documents",
          books.documents.get(table)?.count ?? 0,
          "a count in Cosmos",
        ],
      ],
    ),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(
    ([name, count, origin]) =>
      `  ${name.padEnd(width)}  ${String(count).padStart(7)}   ${origin}`,
  );
  const times = stages
    .map(([stage, seconds]) => `${stage} ${seconds.toFixed(1)} s`)
    .join(", ");
  const verdictLine =
    books.differences.length === 0
      ? "The books balance."
      : [
          "The books do not balance:",
          ...books.differences.map((difference) => `  ${difference}`),
        ].join("\n");
  return [...lines, "", `  ${times}`, "", verdictLine].join("\n");
}
