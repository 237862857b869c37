import type { SourceKind } from "../kind.ts";
import { hasArrivals, readArrivals } from "./arrivals.ts";
import { clashes } from "./clashes.ts";
import { compile } from "./compile.ts";
import { provision } from "./provision.ts";
import { triggers } from "./trigger.ts";
import { mistakes, yaml, type HubYaml } from "./yaml.ts";

/** An event hub: a stream of events. */
export const hub: SourceKind<HubYaml> = {
  name: "hub",
  yaml,
  mistakes,
  compile,
  provision,
  clashes,
  triggers,
  readArrivals,
  hasArrivals,
  // The hub keeps what was not delivered, and its trigger goes on by itself.
  sweep: () => Promise.resolve(),
};
