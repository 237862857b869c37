import type { Clock } from "../../shared/clock.ts";
import type { Faults } from "../../shared/faults.ts";
import type { Log } from "../../shared/log.ts";
import type { AppFunction } from "../app/appFunctions.ts";
import type { HostJson } from "../app/hostJson.ts";
import type { Identity } from "../connections/managedIdentity.ts";
import type { Store } from "../hostDatabase.ts";
import type { Worker } from "../worker/index.ts";
import type { InvocationRequest } from "../worker/model.ts";
import type { TypedData } from "../worker/typedData.ts";

/** What every trigger of the host works with. */
export interface Host {
  readonly worker: Worker;
  readonly hostJson: HostJson;
  readonly identity: Identity;
  readonly store: Store;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly log: Log;
  /** The certificate of this machine's endpoints, trusted beside the public ones. */
  readonly ca: string;
  readonly systemKey: string;
  /** 64-bit integers arrive as `{low, high, unsigned}`, as on a worker that finds npm's `long`. */
  readonly longs: boolean;
  /** All inputs of an invocation: the trigger's value and, where the function asks for it, the durable client. */
  inputsOf(fn: AppFunction, trigger: TypedData): InvocationRequest["inputData"];
}

/** Listens for one kind of trigger. Started once, for all functions that have it. */
export type StartTrigger = (
  host: Host,
  functions: readonly AppFunction[],
) => Promise<Listener>;

export interface Listener {
  /** Begins no new invocation, and resolves when those that run have ended. */
  stop(): Promise<void>;
}
