import type { AppFunction } from "../../app/appFunctions.ts";
import type { Host } from "../hostContext.ts";
import { pause } from "./pause.ts";
import type { Call, Outcome } from "../../worker/index.ts";
import type { Duration, RetryOptions } from "../../worker/model.ts";

/**
 * Runs a function under its own retry policy: the same data again, with `retryContext`, until it succeeds, the
 * policy ends, or the host stops. Resolves with the last outcome.
 */
export async function runWithRetries(
  host: Host,
  { name, retry }: AppFunction,
  bind: () => Call,
  stopping: AbortSignal,
): Promise<Outcome> {
  let outcome = await host.worker.run(name, bind);
  if (retry === undefined) return outcome;
  const most = retry.maxRetryCount;
  for (
    let retryCount = 1;
    !outcome.ok && (most === -1 || retryCount <= most);
    retryCount += 1
  ) {
    await pause(host.clock, delayMs(retry, retryCount), stopping);
    if (stopping.aborted) return outcome;
    const { message, stack = "" } = outcome.error;
    const retryContext = {
      retryCount,
      maxRetryCount: most,
      exception: { message, source: "", stackTrace: stack },
    };
    outcome = await host.worker.run(name, () => ({ ...bind(), retryContext }));
  }
  return outcome;
}

/** Exponential: the least interval doubled with every try, up to the greatest, shifted by up to a fifth. */
function delayMs(retry: RetryOptions, retryCount: number): number {
  if (retry.retryStrategy === "fixedDelay") return ms(retry.delayInterval, 0);
  const least = ms(retry.minimumInterval, 100);
  const greatest = ms(retry.maximumInterval, 60_000);
  const grown = least * 2 ** Math.min(retryCount - 1, 30);
  return Math.min(greatest, grown * (0.8 + 0.4 * Math.random()));
}

function ms(duration: Duration | undefined, fallback: number): number {
  if (duration === undefined) return fallback;
  const { seconds } = duration;
  return (typeof seconds === "number" ? seconds : seconds.low) * 1000;
}
