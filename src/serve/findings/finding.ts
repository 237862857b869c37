import type { PipelineHealth } from "../views/health.ts";

/** The first thing that is wrong. */
export interface Finding extends Pick<PipelineHealth, "state" | "detail"> {
  /** The detail for whoever has the key, where it is another. */
  readonly detailWithKey?: string;
}

export const minutesSince = (time: string, now: number): number =>
  Math.floor((now - Date.parse(time)) / 60_000);
