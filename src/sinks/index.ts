/** Where committed batches go: every kind of sink, and what all of them share. */
import type { AppContext } from "../context.ts";
import { blockSink, type BlockSink } from "./blockSink.ts";
import { cosmos } from "./cosmos/index.ts";
import { finishDelivery, type FinishDelivery } from "./finishDelivery.ts";
import type { SinkKinds } from "./kind.ts";
import { noteParts, type NoteParts } from "./noteParts.ts";
import { notify } from "./notify/index.ts";
import { prepareDelivery, type PrepareDelivery } from "./prepareDelivery.ts";
import { startDeliveries, type StartDeliveries } from "./startDeliveries.ts";

/** One line a kind, under the name that pipeline.yaml calls it by. */
export const sinkKinds: SinkKinds = {
  cosmos,
  notify,
};

/** What the orchestration of every sink calls, whatever its kind. */
function deliveryActivities(context: AppContext, kinds: SinkKinds) {
  return {
    startDeliveries: (ask: StartDeliveries) => startDeliveries(context, ask),
    prepareDelivery: (ask: PrepareDelivery) =>
      prepareDelivery(context, kinds, ask),
    noteParts: (note: NoteParts) => noteParts(context, note),
    finishDelivery: (finish: FinishDelivery) => finishDelivery(context, finish),
    blockSink: (block: BlockSink) => blockSink(context, block),
  };
}

export type DeliveryActivities = ReturnType<typeof deliveryActivities>;

/** All activities of sinks. Those of a kind are called by its own orchestration alone, so their types stay there. */
export function sinkActivities(
  context: AppContext,
  kinds: SinkKinds = sinkKinds,
): DeliveryActivities {
  const ofKinds = Object.values(kinds).flatMap((kind) =>
    Object.entries(kind.createActivities(context)),
  );
  return {
    ...Object.fromEntries(ofKinds),
    ...deliveryActivities(context, kinds),
  };
}
