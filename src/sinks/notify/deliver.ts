import type { OrchestrationContext } from "durable-functions";
import { tasksOf, type Orchestration } from "../../durable.ts";
import type { Delivery, Outcome } from "../kind.ts";
import { tried } from "../effects.ts";
import type { NotifyActivities } from "./activities.ts";

/** One event, whatever the parts: none of them is noted. */
export function* deliver(
  context: OrchestrationContext,
  delivery: Delivery,
): Orchestration<Outcome> {
  const { notifySend } = tasksOf<NotifyActivities>(context);
  const { pipeline, sink, batch, part } = delivery;
  const sent = yield* tried(context, delivery, () =>
    notifySend({ pipeline, sink, batch }),
  );
  return sent.kind === "failed"
    ? { ...sent, noted: part }
    : { kind: "delivered", noted: part, recount: false };
}
