import { eventType } from "./history.ts";
import type { Instance } from "./instance.ts";
import type { Message } from "./rows.ts";

interface Batch {
  /** What the next turn works on. Empty: there is nothing to do now. */
  readonly taken: readonly Message[];
  /** Meant for an earlier execution, or without effect: dropped. */
  readonly dropped: readonly Message[];
}

/**
 * What of an inbox the next turn takes. A suspended instance gets nothing but its resumption or its end; DurableTask
 * delivers and holds back inside, which comes to the same.
 */
export function takeBatch(
  inbox: readonly Message[],
  { executionId, status }: Instance,
): Batch {
  const isStale = (message: Message): boolean =>
    message.executionId !== null && message.executionId !== executionId;
  const stale = inbox.filter(isStale);
  const valid = inbox.filter((message) => !isStale(message));
  if (status !== "Suspended") {
    const suspended = valid.findIndex(
      ({ event }) => event.EventType === eventType.ExecutionSuspended,
    );
    const end = suspended < 0 ? valid.length : suspended + 1;
    return { taken: valid.slice(0, end), dropped: stale };
  }
  const end = valid.find(
    ({ event }) =>
      event.EventType === eventType.ExecutionResumed ||
      event.EventType === eventType.ExecutionTerminated,
  );
  if (!end) return { taken: [], dropped: stale };
  const again = valid.filter(
    (message) =>
      message.event.EventType === eventType.ExecutionSuspended &&
      message.id < end.id,
  );
  return { taken: [end], dropped: [...stale, ...again] };
}
