import type { Definition, HubSource } from "../../domain/definition.ts";

/** The sources of a pipeline that are hubs, with their names. */
export const hubSources = (
  definition: Definition,
): { name: string; source: HubSource }[] =>
  Object.entries(definition.sources).flatMap(([name, source]) =>
    source.kind === "hub" ? [{ name, source }] : [],
  );
