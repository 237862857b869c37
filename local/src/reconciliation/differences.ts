import type { Account, Accounts } from "./accounts.ts";
import type { Bronze } from "./bronze.ts";
import type { ClaimedFile } from "./claimedFiles.ts";
import {
  countOf,
  describe,
  subtract,
  union,
  type Positions,
  type Range,
} from "./positions.ts";
import { compareServed } from "./servedDifferences.ts";
import type { ServedTables } from "./served.ts";
import type { Tables } from "./tables.ts";

/** One stream that a pipeline reads. */
export interface StreamFigures {
  readonly source: string;
  /** Events that are known to have been sent; others may have sent more. */
  readonly sent: number | undefined;
  /** What the hub's management says, by partition. */
  readonly hub: ReadonlyMap<string, Range>;
  readonly bronze: Bronze;
}

/** One pipeline's figures, each from its own source. */
export interface Figures {
  readonly pipeline: string;
  readonly streams: readonly StreamFigures[];
  readonly files: ReadonlyMap<string, ClaimedFile>;
  readonly accounts: Accounts;
  readonly tables: Tables;
  readonly served: readonly ServedTables[];
}

/** Every disagreement, each naming what is missing or too many, and where. */
export function findDifferences(figures: Figures): string[] {
  const { streams, tables, served } = figures;
  return [
    ...streams.flatMap(compareSent),
    ...streams.flatMap(compareBronze),
    ...streams.flatMap((stream) => compareLog(stream, figures)),
    ...compareRepeated(figures),
    ...compareFiles(figures),
    ...compareAccounts(figures),
    ...compareSilver(figures),
    ...served.flatMap((one) => compareServed(one, tables)),
  ];
}

/** Others may send, too: only what is missing is a difference. */
function compareSent({ sent, hub }: StreamFigures): string[] {
  const held = countOf([...hub.values()]);
  return sent === undefined || sent <= held
    ? []
    : [`${sent} events were sent, the hub has ${held}.`];
}

/** Streams of one hub: the generation is the lake's word, the partition is the hub's. */
const ofPartition = (positions: Positions, partition: string): Range[] =>
  [...positions]
    .filter(([stream]) => stream.endsWith(`/${partition}`))
    .flatMap(([, ranges]) => [...ranges])
    .sort(([a], [b]) => a - b);

function compareBronze({ hub, bronze }: StreamFigures): string[] {
  return [...hub].flatMap(([partition, range]) => {
    const missing = subtract([range], ofPartition(bronze.positions, partition));
    if (missing.length === 0) return [];
    return [
      `Bronze lacks ${countOf(missing)} events of partition ${partition}: sequence numbers ${describe(missing)}.`,
    ];
  });
}

function compareLog(
  { source, bronze }: StreamFigures,
  { tables, accounts }: Figures,
): string[] {
  const log = tables.sources[source];
  if (!log)
    return bronze.events === 0 ? [] : [`Silver has no log of ${source}.`];
  const differences: string[] = [];
  const skipped = accounts.skipped[source];
  const streams = new Set([
    ...bronze.positions.keys(),
    ...Object.keys(log.positions),
  ]);
  for (const stream of streams) {
    const inBronze = bronze.positions.get(stream) ?? [];
    const inLog = log.positions[stream] ?? [];
    const accounted = union(inLog, skipped?.get(stream) ?? []);
    const missing = subtract(inBronze, accounted);
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
  return differences;
}

/** A platform that ignores the append's transaction brings every row twice: rows have to be as many as places. */
const compareRepeated = ({ tables }: Figures): string[] =>
  Object.entries(tables.sources).flatMap(([source, { repeated }]) =>
    Object.entries(repeated).map(
      ([stream, count]) =>
        `The log of ${source} has ${count} rows of ${stream} more than once.`,
    ),
  );

function compareSilver({ tables }: Figures): string[] {
  return Object.entries(tables.silver).flatMap(([source, silver]) => {
    const { missing, extra, doubled, some } = silver;
    const few = some.join(", ");
    return [
      ...(missing === 0
        ? []
        : [
            `Silver's ${source} lacks ${missing} rows that its log has: ${few}.`,
          ]),
      ...(extra === 0
        ? []
        : [
            `Silver's ${source} has ${extra} rows too many${missing === 0 ? `: ${few}` : ""}.`,
          ]),
      ...(doubled === 0
        ? []
        : [`Silver's ${source} has ${doubled} rows more than once.`]),
    ];
  });
}

function compareFiles({ files, tables, accounts }: Figures): string[] {
  return [...files].flatMap(([id, { source, rows }]) => {
    const log = tables.sources[source];
    const logged = log?.files[id] ?? 0;
    const isRefused = logged === 1 && log?.refused.includes(id) === true;
    const isAsItWas = rows === undefined || logged === rows;
    return isAsItWas || isRefused || accounts.skippedFiles.has(id)
      ? []
      : [
          `The file ${id} of ${source} has ${rows} rows, the log has ${logged}.`,
        ];
  });
}

const VERDICTS = ["accepted", "duplicate", "quarantined", "late"] as const;

/** The batches' own accounts against the log that they were made from, and each sum against its parts. */
function compareAccounts({ accounts, tables }: Figures): string[] {
  return Object.entries(accounts.sources).flatMap(([source, account]) => {
    const verdicts = tables.sources[source]?.verdicts ?? {};
    const differences = VERDICTS.filter(
      (verdict) => account[verdict] !== (verdicts[verdict] ?? 0),
    ).map(
      (verdict) =>
        `The batches account for ${account[verdict]} events of ${source} as ${verdict}, the log has ${verdicts[verdict] ?? 0}.`,
    );
    const parts = partsOf(account);
    if (parts !== account.received)
      differences.push(
        `The batches received ${account.received} events of ${source}, and say of ${parts} what became of them.`,
      );
    return differences;
  });
}

const partsOf = (account: Account): number =>
  account.accepted +
  account.duplicate +
  account.quarantined +
  account.late +
  account.expired +
  account.missing +
  account.skipped -
  account.recovered;
