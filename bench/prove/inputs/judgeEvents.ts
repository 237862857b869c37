/** The events of one hub: each at its position in the log, and in silver if it was taken. */
import {
  cellsOfRow,
  judgedOf,
  numberOf,
  type Judged,
  type Row,
} from "./readTables.ts";
import { judgeRow } from "./compareRows.ts";
import type { Tally } from "./tally.ts";
import type { EventVector } from "./vectors.ts";

export function judgeEvents(
  tally: Tally,
  source: string,
  vectors: readonly EventVector[],
  log: readonly Row[],
  silver: readonly Row[],
): void {
  const judged = new Map<string, Judged>();
  for (const row of judgedOf(log)) {
    const place = `${row.sequence}/${row.item}`;
    if (judged.has(place))
      tally.fail(`${source} has the place ${place} twice in its log.`);
    judged.set(place, row);
  }
  const accepted = new Map(
    silver.map((row) => [
      `${numberOf(row, "_sequence")}/${numberOf(row, "_item")}`,
      cellsOfRow(row),
    ]),
  );
  if (accepted.size !== silver.length)
    tally.fail(`Silver's ${source} has a place twice.`);
  for (const place of accepted.keys())
    if (!judged.has(place))
      tally.fail(`Silver's ${source} has ${place}, and its log does not.`);
  const places = new Set<string>();
  for (const [sequence, vector] of vectors.entries()) {
    const { kind, name, rows, body } = vector;
    const failures: string[] = [];
    let isRefused = false;
    for (const [item, wanted] of rows) {
      const place = `${sequence}/${item}`;
      places.add(place);
      const row = judged.get(place);
      failures.push(...judgeRow(wanted, row, accepted.get(place)));
      if (row?.verdict !== "quarantined") continue;
      isRefused = true;
      // Of an item its own text is kept.
      if (
        item === 0 &&
        body instanceof Buffer &&
        row.body?.equals(body) !== true
      )
        failures.push("the quarantine does not have its body as it was");
    }
    tally.count(kind, isRefused);
    for (const failure of failures)
      tally.fail(
        `${source} ${sequence}, ${kind} ${JSON.stringify(name)}: ${failure}.`,
      );
  }
  for (const place of judged.keys())
    if (!places.has(place))
      tally.fail(
        `The log of ${source} has a row at ${place} that nobody sent.`,
      );
}
