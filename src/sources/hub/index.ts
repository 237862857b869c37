import { NOTHING_TAKEN, type SourceKind } from "../kind.ts";
import { hasArrivals, readArrivals } from "./arrivals.ts";
import { triggers } from "./trigger.ts";

/** An event hub: a stream of events. */
export const hub: SourceKind = {
  name: "hub",
  packaging: async () => (await import("./packaging.ts")).packaging,
  triggers,
  readArrivals,
  hasArrivals,
  // The hub keeps what was not delivered, and its trigger goes on by itself.
  sweep: () => Promise.resolve(NOTHING_TAKEN),
};
