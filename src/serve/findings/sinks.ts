import type { SinkView } from "../views/pipelines.ts";
import type { Finding } from "./finding.ts";

/** A sink with a batch to deliver for longer than this keeps failing, or is one to look after. */
const OVERDUE_MINUTES = 15;

/** A sink that is blocked or late holds nothing else up, so it is told late. */
export function checkSinks(
  sinks: Readonly<Record<string, SinkView>>,
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
  const late = named.find(
    ([, { behind }]) => behind.seconds > OVERDUE_MINUTES * 60,
  );
  if (!late) return undefined;
  const [name, { behind }] = late;
  return {
    state: "sinkBehind",
    detail: `${name}: ${behind.batches} batches, for ${Math.floor(behind.seconds / 60)} minutes`,
  };
}
