import type { Message } from "rhea";
import type { ServiceContext } from "../../../service.ts";
import type { Peer } from "../peer.ts";
import type { Hubs } from "../state.ts";

/** What every operation works on. */
export interface Namespace {
  readonly hubs: Hubs;
  /** The key of the namespace's one rule. */
  readonly key: string;
  readonly context: ServiceContext;
}

/** A request to $cbs or $management. */
export interface Request {
  readonly peer: Peer;
  readonly message: Message;
  /** The application property of this name, as text. */
  readonly property: (name: string) => string;
}

export interface Answer {
  readonly status: number;
  readonly description: string;
  readonly body?: unknown;
}
