import type { Definition, LandingSource } from "../../domain/definition.ts";
import { folderOfClaimed } from "../../domain/paths.ts";
import type { SourceOfClaim } from "../../ledger/claims.ts";

/** The sources of a pipeline that are landing folders, with their names. */
export const landingSources = (
  definition: Definition,
): { name: string; source: LandingSource }[] =>
  Object.entries(definition.sources).flatMap(([name, source]) =>
    source.kind === "landing" ? [{ name, source }] : [],
  );

/**
 * Which source takes a file that was claimed by an earlier definition: the one that reads its folder now, by whatever
 * name; else the one that claimed it, should that read another folder by now.
 */
export const sourceOfClaim =
  (definition: Definition): SourceOfClaim =>
  ({ path, source: claimedBy }) => {
    const folder = folderOfClaimed(path);
    const sources = landingSources(definition);
    const reader =
      sources.find(({ source }) => source.folder === folder) ??
      sources.find(({ name }) => name === claimedBy);
    return reader?.name;
  };
