import type { Clients } from "../platform/clients.ts";
import type { PlatformFolders } from "../platform/context.ts";
import type { PackagedDefinition } from "../platform/definitions.ts";
import { playSample } from "./play.ts";
import { readPlayed } from "./player.ts";

/** The sample is a pipeline like any other; what is special is that somebody sends its events. */
const PIPELINE = "flights";

export interface Sample {
  readonly pipeline: string;
  /** Questions to the API whose answers show something. */
  readonly questions: readonly string[];
  /** Commands for a person who wants to see more. */
  readonly hints: (lakeDir: string) => readonly string[];
  play(onStage: (stage: string) => void): Promise<void>;
}

export const sampleIsMissing = `The sample is left out: there is no pipelines/${PIPELINE}.`;

/** The sample, if its pipeline is one of the package. */
export function findSample(
  definitions: readonly PackagedDefinition[],
  folders: PlatformFolders,
  clients: Clients,
): Sample | undefined {
  const definition = definitions.find(({ pipeline }) => pipeline === PIPELINE);
  if (definition === undefined) return undefined;
  return {
    pipeline: PIPELINE,
    questions: [
      `/api/insights/${PIPELINE}/airport_delays/ORD/2001-03-31`,
      `/api/insights/${PIPELINE}/airport_delays/SFO?limit=3`,
      `/api/insights/${PIPELINE}/route_delays/JFK/LAX`,
    ],
    hints: (lakeDir) => [
      `npm run send -- ${PIPELINE} '{"date":"2001/03/31 09:00","delay":90,"distance":337,"origin":"ORD","destination":"LAX"}'`,
      `npm run sql -- --pipeline ${PIPELINE} "SELECT * FROM gold.airport_delays ORDER BY mean_delay DESC LIMIT 5"`,
      `cp more-airports.csv ${lakeDir}/landing/airports/`,
    ],
    play: (onStage) => playSample(folders, clients, definition, onStage),
  };
}

/** Events that the player has sent to a hub; undefined where it sends nothing. */
export function sentBySample(
  stateDir: string,
  hub: string,
): number | undefined {
  const { sent } = readPlayed(stateDir);
  const counts = Object.values(sent);
  return hub !== PIPELINE || counts.length === 0
    ? undefined
    : counts.reduce((sum, count) => sum + count, 0);
}
