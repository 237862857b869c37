import type { Definition, LandingSource } from "../../domain/definition.ts";

/** The sources of a pipeline that are landing folders, with their names. */
export const landingSources = (
  definition: Definition,
): { name: string; source: LandingSource }[] =>
  Object.entries(definition.sources).flatMap(([name, source]) =>
    source.kind === "landing" ? [{ name, source }] : [],
  );
