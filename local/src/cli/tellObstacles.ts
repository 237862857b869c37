import { setTimeout as delay } from "node:timers/promises";
import type { Clients } from "../platform/clients.ts";
import type { PackagedDefinition } from "../platform/definitions.ts";
import { readObstacles, type Obstacle } from "../platform/obstacles.ts";

/** Two questions to the API for each pipeline. */
const POLL_MS = 3_000;

/** While the platform stays up: says what comes to stand still, with its reason, and what goes on again. Never ends. */
export async function tellObstacles(
  clients: Clients,
  definitions: readonly PackagedDefinition[],
  told: readonly Obstacle[],
  tell: (text: string) => void,
): Promise<never> {
  let known = told;
  for (;;) {
    const found = await look(clients, definitions);
    if (found !== undefined) {
      for (const text of changesSince(known, found)) tell(`\n${text}`);
      known = found;
    }
    await delay(POLL_MS);
  }
}

/** What to tell after a look: what stands still since the last one, and what goes on again. */
export function changesSince(
  known: readonly Obstacle[],
  found: readonly Obstacle[],
): string[] {
  const isIn = (all: readonly Obstacle[], { what }: Obstacle): boolean =>
    all.some((each) => each.what === what);
  return [
    ...found.filter((each) => !isIn(known, each)).map(({ text }) => text),
    ...known
      .filter((each) => !isIn(found, each))
      .map(({ what, over = `${what} goes on.` }) => over),
  ];
}

/** Undefined while the app does not answer: a service may be starting again. */
async function look(
  clients: Clients,
  definitions: readonly PackagedDefinition[],
): Promise<Obstacle[] | undefined> {
  try {
    const found: Obstacle[] = [];
    for (const definition of definitions)
      found.push(...(await readObstacles(clients, definition)));
    return found;
  } catch {
    return undefined;
  }
}
