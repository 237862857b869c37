import type { SweepReport } from "../../domain/records.ts";
import { minutesSince, type Finding } from "./finding.ts";

/** The sweep runs once a minute. */
const NOT_SWEPT_MINUTES = 10;

/** Whether the timer runs that guarantees everything else, and reaches what it asks. */
export function checkSweep(
  swept: SweepReport | undefined,
  firstAskedAt: number,
  now: number,
): Finding | undefined {
  const since = swept?.sweptAt ?? new Date(firstAskedAt).toISOString();
  const minutes = minutesSince(since, now);
  if (minutes > NOT_SWEPT_MINUTES)
    return {
      state: "notSwept",
      detail: `the function sweep has not ended for ${minutes} minutes`,
    };
  if (!swept || swept.failed.length === 0) return undefined;
  return {
    state: "notSwept",
    detail: `the sweep failed at its ${swept.failed.join(" and ")}: the lines sweep.failed of the log say why`,
  };
}
