import type { SourcePackaging } from "../kind.ts";
import { clashes } from "./clashes.ts";
import { compile } from "./compile.ts";
import { hostJson } from "./hostJson.ts";
import { provision } from "./provision.ts";
import { mistakes, yaml, type HubYaml } from "./yaml.ts";

export const packaging: SourcePackaging<HubYaml> = {
  yaml,
  mistakes,
  compile,
  provision,
  hostJson,
  clashes,
};
