/** What is to be looked after although all goes on: rows that do not arrive where they should. */
import type { Definition } from "../domain/definition.ts";
import {
  documentsOfSink,
  isBeyond,
  newestRows,
  refusedRows,
  toleratedBy,
  type RecentRows,
} from "../domain/rows.ts";
import type { RemarkView, SinkView } from "./views/pipelines.ts";

export interface Remark extends RemarkView {
  /** For anybody: shares alone. The text has reasons, which may quote names of columns in users' files. */
  readonly publicText: string;
}

type Sinks = Readonly<Record<string, SinkView>>;

/** A remark for each share that is beyond what the pipeline tolerates, what is lost first. */
export function remarksOf(
  definition: Definition,
  recent: RecentRows,
  sinks: Sinks,
): Remark[] {
  return [
    ...ofQuarantine(definition, recent),
    ...ofTables(definition, recent),
    ...ofSinks(definition, recent, sinks),
    ...ofLate(definition, recent),
  ];
}

function ofQuarantine(
  definition: Definition,
  { rows: noted = {} }: RecentRows,
): Remark[] {
  const { quarantined: tolerated } = toleratedBy(definition);
  return Object.entries(noted).flatMap(([source, each]) => {
    const { rows, quarantined, quarantinedBy, batches } = newestRows(each);
    if (!isBeyond(quarantined, rows, tolerated)) return [];
    const [reason] = Object.entries(quarantinedBy).sort(
      ([, a], [, b]) => b - a,
    );
    const most =
      reason === undefined
        ? ""
        : `, ${countOf(reason[1])} of them for "${reason[0]}"`;
    const place = `source ${source}`;
    const where = `in quarantine (${inBatches(batches)})`;
    return [
      {
        about: "quarantined",
        place,
        publicText: `${place}: ${percentOf(quarantined, rows)} of the newest rows are ${where}`,
        text: `${place}: ${countOf(quarantined)} of the newest ${rowsOf(rows)} are ${where}${most}. Look at silver.${source}_quarantine, then mend the contract or what is sent, and send or drop it again: what is judged keeps its verdict. If so many are as they should be, write a larger share below tolerated, quarantined.`,
      },
    ];
  });
}

function ofTables(
  definition: Definition,
  { tables = {} }: RecentRows,
): Remark[] {
  const { refused: tolerated } = toleratedBy(definition);
  return Object.entries(tables).flatMap(([table, { rows, refused }]) => {
    const left = refusedRows(refused);
    if (!isBeyond(left, rows + left, tolerated)) return [];
    const reasons = Object.entries(refused).map(
      ([reason, count]) => `${reason} in ${countOf(count)}`,
    );
    const place = `gold table ${table}`;
    const why = "left out, since their key names no document";
    return [
      {
        about: "refused",
        place,
        publicText: `${place}: ${percentOf(left, rows + left)} of the rows are ${why}`,
        text: `${place}: ${countOf(left)} of ${rowsOf(rows + left)} are ${why} (it is ${reasons.join(", ")}). Mend gold/${table}.sql or the table's key. If so many are as they should be, write a larger share below tolerated, refused.`,
      },
    ];
  });
}

function ofSinks(
  definition: Definition,
  recent: RecentRows,
  sinks: Sinks,
): Remark[] {
  const { pipeline } = definition;
  const { refused: tolerated } = toleratedBy(definition);
  return Object.entries(sinks).flatMap(([sink, view]) => {
    const { refused } = view;
    const documents = documentsOfSink(recent, view) ?? 0;
    if (!isBeyond(refused, documents, tolerated)) return [];
    const place = `sink ${sink}`;
    const why = "refused by its store";
    return [
      {
        about: "refused",
        place,
        publicText: `${place}: ${percentOf(refused, documents)} of the documents are ${why}`,
        text: `${place}: ${countOf(refused)} of ${countOf(documents)} documents are ${why}. _assay/pipelines/${pipeline}/sinks/${sink}/refused says why: change the gold table's SQL, then npm run reload -- ${pipeline} ${sink}.`,
      },
    ];
  });
}

function ofLate(
  definition: Definition,
  { rows: noted = {} }: RecentRows,
): Remark[] {
  const { late: tolerated = 1 } = toleratedBy(definition);
  return Object.entries(noted).flatMap(([source, each]) => {
    const { rows, late, batches } = newestRows(each);
    if (!isBeyond(late, rows, tolerated)) return [];
    const place = `source ${source}`;
    const where = `late (${inBatches(batches)})`;
    return [
      {
        about: "late",
        place,
        publicText: `${place}: ${percentOf(late, rows)} of the newest rows are ${where}`,
        text: `${place}: ${countOf(late)} of the newest ${rowsOf(rows)} are ${where}. They are in silver and gold all the same: look at the clock of what sends them, or write a longer late_after, or a larger share below tolerated, late.`,
      },
    ];
  });
}

const countOf = (count: number): string => count.toLocaleString("en-US");

const rowsOf = (count: number): string =>
  count === 1 ? "1 row" : `${countOf(count)} rows`;

const inBatches = (batches: readonly number[]): string =>
  `${batches.length === 1 ? "batch" : "batches"} ${batches.join(" and ")}`;

/** Some are never told as none, nor less than all as all. */
function percentOf(part: number, whole: number): string {
  if (part === whole) return "100 %";
  const percent = (part / whole) * 100;
  if (percent > 99.9) return "over 99.9 %";
  return percent < 0.1 ? "under 0.1 %" : `${Number(percent.toFixed(1))} %`;
}
