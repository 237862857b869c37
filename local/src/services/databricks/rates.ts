import type { Clock } from "../../shared/clock.ts";
import type { Limits } from "./limits.ts";

/** Counts calls in a second that slides: the figures are limits a second, and bursts above them are refused. */
export class Rates {
  readonly #limits: Limits["callsPerSecond"];
  readonly #clock: Clock;
  readonly #calls = new Map<string, number[]>();

  constructor(limits: Limits["callsPerSecond"], clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** False when this call is one too many. */
  take(name: string, limit: keyof Limits["callsPerSecond"]): boolean {
    const since = this.#clock.now() - 1000;
    const recent = (this.#calls.get(name) ?? []).filter((at) => at > since);
    this.#calls.set(name, recent);
    if (recent.length >= this.#limits[limit]) return false;
    recent.push(this.#clock.now());
    return true;
  }
}
