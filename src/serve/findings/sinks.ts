import type { SinkView } from "../views/pipelines.ts";
import { minutesSince, type Finding } from "./finding.ts";

/** A sink with a batch to deliver that has noted nothing for so long hangs, or keeps failing. */
const STILL_MINUTES = 15;
/** One that gets on and is so late is one to look after. */
const LATE_MINUTES = 60;

/** A sink that is blocked or late holds nothing else up, so it is told late. */
export function checkSinks(
  sinks: Readonly<Record<string, SinkView>>,
  now: number,
): Finding | undefined {
  const named = Object.entries(sinks);
  const blocked = named.find(([, { state }]) => state === "blocked");
  if (blocked) {
    const [name, { blocked: why }] = blocked;
    return {
      state: "sinkBlocked",
      detail: `${name}: ${why?.code ?? "unknown"}, tried again at ${why?.retryAt ?? "once"}`,
    };
  }
  const late = named.find(([, { behind, movedAt }]) => {
    const minutes = behind.seconds / 60;
    const still = movedAt === undefined ? 0 : minutesSince(movedAt, now);
    return minutes > LATE_MINUTES || Math.min(minutes, still) > STILL_MINUTES;
  });
  if (!late) return undefined;
  const [name, { behind }] = late;
  return {
    state: "sinkBehind",
    detail: `${name}: ${behind.batches} batches, for ${Math.floor(behind.seconds / 60)} minutes`,
  };
}
