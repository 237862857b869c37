import type { SourceKind } from "../kind.ts";
import { hasArrivals, readArrivals } from "./arrivals.ts";
import { clashes } from "./clashes.ts";
import { compile } from "./compile.ts";
import { provision } from "./provision.ts";
import { sweep } from "./sweep.ts";
import { triggers } from "./trigger.ts";
import { mistakes, yaml, type LandingYaml } from "./yaml.ts";

/** A folder below landing/: dropped files. */
export const landing: SourceKind<LandingYaml> = {
  name: "landing",
  yaml,
  mistakes,
  compile,
  provision,
  clashes,
  triggers,
  readArrivals,
  hasArrivals,
  sweep,
};
