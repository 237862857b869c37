import type { OrchestrationContext } from "durable-functions";
import { tasksOf, type Orchestration } from "../../durable.ts";
import type { Delivery, Outcome } from "../kind.ts";
import { deliverParts } from "../deliverParts.ts";
import { tried } from "../effects.ts";
import type { CosmosActivities } from "./activities.ts";

/** Runs of `cosmosRemoveOlder` in one generation. */
const MOST_REMOVALS = 10;

export function* deliver(
  context: OrchestrationContext,
  delivery: Delivery,
): Orchestration<Outcome> {
  const { pipeline, sink, batch, incarnation, tables, part } = delivery;
  const { refused } = delivery;
  const { cosmosOpenContainers, cosmosWritePart, cosmosRemoveOlder } =
    tasksOf<CosmosActivities>(context);
  const of = { pipeline, sink, batch, incarnation };

  const from = { batch, part };
  const at = context.df.currentUtcDateTime.toISOString();
  const opened = yield* tried(context, delivery, () =>
    cosmosOpenContainers({
      ...{ pipeline, sink, from, at, tables },
      isRefusing: delivery.takesRefused,
    }),
  );
  if (opened.kind === "failed") return { ...opened, noted: part };
  if (opened.kind === "lost") return { kind: "lost" };
  const passes = new Set(opened.passes);
  const snapshots = Object.keys(tables).filter(
    (table) => tables[table] === "snapshot" && !passes.has(table),
  );

  const outcome = yield* deliverParts(
    context,
    delivery,
    (each, so) =>
      passes.has(each.table)
        ? undefined
        : cosmosWritePart({
            ...of,
            ...so,
            part: each,
            mode: snapshots.includes(each.table) ? "snapshot" : "changes",
          }),
    { notesAll: snapshots.length > 0 },
  );
  if (outcome.kind !== "delivered") return outcome;

  const { noted } = outcome;
  let removals = 0;
  for (const table of snapshots)
    for (let hasMore = true; hasMore;) {
      if (removals >= MOST_REMOVALS) return { kind: "paused" };
      removals += 1;
      const removed = yield* tried(context, delivery, () =>
        cosmosRemoveOlder({ ...of, refused, table }),
      );
      if (removed.kind === "failed") return { ...removed, noted };
      ({ hasMore } = removed);
    }
  // A snapshot clears what was refused of rows that are gone.
  const recount = outcome.recount || (snapshots.length > 0 && refused > 0);
  return { ...outcome, recount };
}
