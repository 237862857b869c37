import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Definition } from "../domain/definition.ts";
import { parseDefinition } from "./parse.ts";

/** The compiled pipelines of the package. */
export interface Pipelines {
  readonly definitions: ReadonlyMap<string, Definition>;
  /** The definition as the file has it: the jobs read more of it than the app does. */
  readonly texts: ReadonlyMap<string, string>;
  /** Not usable, and why. Their hubs are landed all the same. */
  readonly setAside: ReadonlyMap<string, string>;
  readonly hubs: ReadonlyMap<string, Hub>;
}

export interface Hub {
  readonly consumerGroup: string;
  /** The pipelines that read it. */
  readonly pipelines: readonly string[];
}

/** One broken file sets one pipeline aside; the app starts with the others. */
export function loadPipelines(folder: string): Pipelines {
  const definitions = new Map<string, Definition>();
  const texts = new Map<string, string>();
  const setAside = new Map<string, string>();
  const hubs = new Map<
    string,
    { consumerGroup: string; pipelines: string[] }
  >();
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith(".json")) continue;
    const name = file.slice(0, -".json".length);
    const text = readFileSync(join(folder, file), "utf8");
    const { definition, mistake, hubs: read } = parseDefinition(name, text);
    if (definition) {
      definitions.set(name, definition);
      texts.set(name, text);
    } else setAside.set(name, mistake);
    for (const { hub, consumerGroup } of read) {
      const known = hubs.get(hub) ?? { consumerGroup, pipelines: [] };
      if (definition) known.pipelines.push(name);
      hubs.set(hub, known);
    }
  }
  return { definitions, texts, setAside, hubs };
}
