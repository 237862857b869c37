import { join } from "node:path";
import type { Clients } from "../platform/clients.ts";
import type { PlatformFolders } from "../platform/context.ts";
import { functionKey } from "../shared/keys.ts";
import { say } from "./say.ts";

const QUESTIONS = [
  "/api/insights/flights/airport_delays/ORD/2001-03-31",
  "/api/insights/flights/airport_delays/SFO?limit=3",
  "/api/insights/flights/route_delays/JFK/LAX",
];

/** A few questions to the app's API, and what it answers. */
export async function printAnswers(clients: Clients): Promise<void> {
  say();
  for (const question of QUESTIONS) {
    const { status, body } = await clients.get(question);
    say(`GET ${question}`);
    say(`  ${status} ${JSON.stringify(body)}`);
  }
  say();
}

/** What to try next, with the key that this state made. */
export function printHints(
  { stateDir }: PlatformFolders,
  { functionsUrl }: Clients,
): void {
  const key = functionKey(stateDir);
  say();
  say("Try:");
  say(`  curl '${functionsUrl}${QUESTIONS[0] ?? ""}?code=${key}'`);
  say(`  curl '${functionsUrl}/api/runs/flights?code=${key}'`);
  say(
    `  npm run send -- flights '{"date":"2001/03/31 09:00","delay":90,"distance":337,"origin":"ORD","destination":"LAX"}'`,
  );
  say(
    `  npm run sql -- "SELECT * FROM gold.airport_delays ORDER BY mean_delay DESC LIMIT 5"`,
  );
  say(
    `  cp more-airports.csv ${join(stateDir, "lake", "landing", "airports")}/`,
  );
  say(
    "Ctrl-C stops everything; npm start goes on where it was; npm start -- --reset begins anew.",
  );
}
