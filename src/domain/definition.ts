/** A compiled pipeline, as `npm run package` writes it: what the app and the job read of it. */
import type { z } from "zod";
import type { DeepReadonly } from "./records.ts";
import type { definition } from "./schemas/definition.ts";

export type Definition = DeepReadonly<z.infer<typeof definition>>;
export type Source = Definition["sources"][string];
export type HubSource = Extract<Source, { kind: "hub" }>;
export type LandingSource = Extract<Source, { kind: "landing" }>;
export type SinkDefinition = Definition["sinks"][string];
export type Batching = Definition["batching"];

/** Which source reads a stream, by the stream's name. */
export const sourcesByStream = (
  definition: Definition,
): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(definition.sources).flatMap(([name, source]) =>
      source.input === "stream" ? [[source.stream, name] as const] : [],
    ),
  );
