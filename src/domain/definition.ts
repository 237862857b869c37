/** A compiled pipeline, as `npm run package` writes it: everything that the app and the job know of it. */
import type { z } from "zod";
import type { DeepReadonly } from "./records.ts";
import type { definition } from "./schemas/definition.ts";

export type Definition = DeepReadonly<z.infer<typeof definition>>;
export type Source = Definition["sources"][string];
export type HubSource = Extract<Source, { kind: "hub" }>;
export type LandingSource = Extract<Source, { kind: "landing" }>;
export type GoldTable = Definition["gold"][string];
export type SinkDefinition = Definition["sinks"][string];
export type Batching = Definition["batching"];

export const hubSources = (
  definition: Definition,
): { name: string; source: HubSource }[] =>
  Object.entries(definition.sources).flatMap(([name, source]) =>
    source.kind === "hub" ? [{ name, source }] : [],
  );

export const landingSources = (
  definition: Definition,
): { name: string; source: LandingSource }[] =>
  Object.entries(definition.sources).flatMap(([name, source]) =>
    source.kind === "landing" ? [{ name, source }] : [],
  );
