import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Definition } from "../domain/definition.ts";
import { parseDefinition, type UnknownSource } from "./parse.ts";

/** The compiled pipelines of the package. */
export interface Pipelines {
  readonly definitions: ReadonlyMap<string, Definition>;
  /** The definition as the file has it: the jobs read more of it than the app does. */
  readonly texts: ReadonlyMap<string, string>;
  /** Not usable, and why. Their streams are landed all the same. */
  readonly disabled: ReadonlyMap<string, string>;
  /** The sources of disabled pipelines, as far as they can be read. */
  readonly disabledSources: readonly UnknownSource[];
}

/** One broken file disables one pipeline; the app starts with the others. */
export function loadPipelines(folder: string): Pipelines {
  const definitions = new Map<string, Definition>();
  const texts = new Map<string, string>();
  const disabled = new Map<string, string>();
  const disabledSources: UnknownSource[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith(".json")) continue;
    const name = file.slice(0, -".json".length);
    const text = readFileSync(join(folder, file), "utf8");
    const parsed = parseDefinition(name, text);
    if ("definition" in parsed) {
      definitions.set(name, parsed.definition);
      texts.set(name, text);
    } else {
      disabled.set(name, parsed.mistake);
      disabledSources.push(...parsed.sources);
    }
  }
  return { definitions, texts, disabled, disabledSources };
}
