/** Which shares of the rows and documents of a pipeline did not arrive, as health tells them. */
import {
  documentsOfSink,
  newestRows,
  refusedShareOf,
  shareOf,
  type RecentRows,
} from "../domain/rows.ts";
import type { PipelineHealth } from "./views/health.ts";
import type { SinkView } from "./views/pipelines.ts";

type Sinks = Readonly<Record<string, SinkView>>;

export function sharesOf(
  recent: RecentRows,
  sinks: Sinks,
): Pick<PipelineHealth, "shares"> {
  const { rows, tables } = recent;
  if (rows === undefined && tables === undefined) return {};
  return {
    shares: {
      ...(rows ? { sources: mapped(rows, sourceShares) } : {}),
      ...(tables
        ? {
            tables: mapped(tables, (table) => ({
              refused: refusedShareOf(table),
            })),
            sinks: sinkShares(recent, sinks),
          }
        : {}),
    },
  };
}

const sinkShares = (recent: RecentRows, sinks: Sinks) =>
  Object.fromEntries(
    Object.entries(sinks).flatMap(([name, sink]) => {
      const documents = documentsOfSink(recent, sink);
      if (documents === undefined) return [];
      return [[name, { refused: shareOf(sink.refused, documents) }] as const];
    }),
  );

function sourceShares(noted: NonNullable<RecentRows["rows"]>[string]) {
  const { rows, quarantined, late } = newestRows(noted);
  return {
    quarantined: shareOf(quarantined, rows),
    late: shareOf(late, rows),
  };
}

const mapped = <From, To>(
  record: Readonly<Record<string, From>>,
  change: (from: From) => To,
): Record<string, To> =>
  Object.fromEntries(
    Object.entries(record).map(([name, each]) => [name, change(each)]),
  );
