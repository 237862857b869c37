import type { Bronze } from "./bronze.ts";
import { documentName, type Documents } from "./documents.ts";
import {
  countOf,
  describe,
  subtract,
  type Positions,
  type Range,
} from "./positions.ts";
import type { Tables } from "./tables.ts";

/** One pipeline's figures, each from its own source, and what does not agree. */
export interface Entries {
  /** The event source, and the count of its events that the player knows it sent; undefined when others sent too. */
  readonly source: string;
  readonly sent: number | undefined;
  /** What the hub's management says, by partition. */
  readonly hub: ReadonlyMap<string, Range>;
  readonly bronze: Bronze;
  /** Rows of the claimed files, by the file's id, as their bytes say. */
  readonly files: ReadonlyMap<
    string,
    { readonly source: string; readonly rows: number }
  >;
  readonly tables: Tables;
  readonly documents: ReadonlyMap<string, Documents>;
}

/** Every disagreement, each naming what is missing or too many, and where. */
export function findDifferences(entries: Entries): string[] {
  return [
    ...compareSent(entries),
    ...compareBronze(entries),
    ...compareLog(entries),
    ...compareFiles(entries),
    ...compareDocuments(entries),
  ];
}

const hubCount = (hub: Entries["hub"]): number => countOf([...hub.values()]);

function compareSent({ sent, hub }: Entries): string[] {
  if (sent === undefined || sent === hubCount(hub)) return [];
  return [`The player sent ${sent} events, the hub has ${hubCount(hub)}.`];
}

/** Streams of one hub: the generation is the lake's word, the partition is the hub's. */
const ofPartition = (positions: Positions, partition: string): Range[] =>
  [...positions]
    .filter(([stream]) => stream.endsWith(`/${partition}`))
    .flatMap(([, ranges]) => [...ranges])
    .sort(([a], [b]) => a - b);

function compareBronze({ hub, bronze }: Entries): string[] {
  return [...hub].flatMap(([partition, range]) => {
    const missing = subtract([range], ofPartition(bronze.positions, partition));
    if (missing.length === 0) return [];
    return [
      `Bronze lacks ${countOf(missing)} events of partition ${partition}: sequence numbers ${describe(missing)}.`,
    ];
  });
}

function compareLog({ source, bronze, tables }: Entries): string[] {
  const log = tables.sources[source];
  if (!log) return [`Silver has no log of ${source}.`];
  const differences: string[] = [];
  const streams = new Set([
    ...bronze.positions.keys(),
    ...Object.keys(log.positions),
  ]);
  for (const stream of streams) {
    const inBronze = bronze.positions.get(stream) ?? [];
    const inLog = log.positions[stream] ?? [];
    const missing = subtract(inBronze, inLog);
    const extra = subtract(inLog, inBronze);
    if (missing.length > 0) {
      differences.push(
        `The log of ${source} lacks ${countOf(missing)} events of ${stream}: ${describe(missing)}.`,
      );
    }
    if (extra.length > 0) {
      differences.push(
        `The log of ${source} has ${countOf(extra)} events of ${stream} that bronze lacks: ${describe(extra)}.`,
      );
    }
  }
  for (const [stream, count] of Object.entries(log.repeated))
    differences.push(
      `The log of ${source} counts ${count} events of ${stream} more than once.`,
    );
  return differences;
}

function compareFiles({ files, tables }: Entries): string[] {
  return [...files].flatMap(([id, { source, rows }]) => {
    const logged = tables.sources[source]?.files[id] ?? 0;
    return logged === rows
      ? []
      : [
          `The file ${id} of ${source} has ${rows} rows, the log has ${logged}.`,
        ];
  });
}

function compareDocuments({ tables, documents }: Entries): string[] {
  return Object.entries(tables.gold).flatMap(([table, { rows, keys }]) => {
    const served = documents.get(table);
    const names = new Set(keys.map(documentName));
    const missing = [...names].filter((name) => !served?.names.has(name));
    const extra = [...(served?.names ?? [])].filter((name) => !names.has(name));
    const differences: string[] = [];
    if (missing.length > 0)
      differences.push(
        `Cosmos lacks ${missing.length} documents of ${table}: ${few(missing)}.`,
      );
    if (extra.length > 0)
      differences.push(
        `Cosmos has ${extra.length} documents of ${table} too many: ${few(extra)}.`,
      );
    if (differences.length === 0 && served?.count !== rows) {
      differences.push(
        `Cosmos counts ${served?.count ?? 0} documents of ${table}, gold has ${rows} rows.`,
      );
    }
    return differences;
  });
}

const few = (names: readonly string[]): string =>
  `${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}`;
