import type { SourceKind } from "../kind.ts";
import { hasArrivals, readArrivals } from "./arrivals.ts";
import { sweep } from "./sweep.ts";
import { triggers } from "./trigger.ts";

/** A folder below landing/: dropped files. */
export const landing: SourceKind = {
  name: "landing",
  packaging: async () => (await import("./packaging.ts")).packaging,
  triggers,
  readArrivals,
  hasArrivals,
  sweep,
};
