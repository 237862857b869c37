import { UsageError } from "../../../scripts/arguments.mjs";
import {
  packagedDefinitions,
  type PackagedDefinition,
} from "../platform/definitions.ts";
import { projectDir } from "../platform/folders.ts";

/** What a person may name, and what she has named. */
export function needNamed(
  what: string,
  known: readonly string[],
  name: string | undefined,
): string {
  if (name !== undefined && known.includes(name)) return name;
  throw noSuch(what, known, name);
}

function noSuch(
  what: string,
  known: readonly string[],
  name: string | undefined,
): UsageError {
  const mistake =
    name === undefined ? `Name the ${what}.` : `There is no ${what} '${name}'.`;
  const choice =
    known.length === 0
      ? `There is no ${what} at all.`
      : `There ${known.length === 1 ? "is" : "are"}: ${known.join(", ")}.`;
  return new UsageError(`${mistake} ${choice}`);
}

/** The packaged pipeline of a name. */
export function needPipeline(
  name: string | undefined,
  definitions: readonly PackagedDefinition[] = packagedDefinitions(projectDir),
): PackagedDefinition {
  if (definitions.length === 0)
    throw new UsageError(
      "No pipeline is packaged yet: npm start or npm run package does it.",
    );
  const found = definitions.find(({ pipeline }) => pipeline === name);
  if (found) return found;
  const known = definitions.map(({ pipeline }) => pipeline);
  throw noSuch("pipeline", known, name);
}
