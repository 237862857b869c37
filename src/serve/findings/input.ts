import type { Definition } from "../../domain/definition.ts";
import { sumNotLanded } from "../../domain/notLanded.ts";
import type { InputStatus } from "../../domain/records.ts";
import type { NewestBatch } from "../../domain/waiting.ts";
import type { Finding } from "./finding.ts";

/** What the watcher has seen, after the newest batch had ended. No stream is looked at. */
export function checkInput(
  definition: Definition,
  newest: NewestBatch | undefined,
  seen: InputStatus | undefined,
  now: number,
): Finding | undefined {
  if (!seen || newest?.state === "unfinished") return undefined;
  const [gap] = seen.gaps;
  if (gap)
    return {
      state: "gap",
      detail: `${gap.stream} partition ${gap.partition}: ${gap.from} to ${gap.to} are not in bronze, and are waited for until ${gap.closesAt}`,
    };
  const { notLanded = [] } = seen;
  const at = new Date(now).toISOString();
  const { overdueEvents } = sumNotLanded(notLanded, definition, at);
  return overdueEvents === 0
    ? undefined
    : { state: "behind", detail: `${overdueEvents} events in the streams` };
}
