import { setTimeout as delay } from "node:timers/promises";
import type { Clients } from "../platform/clients.ts";
import type { PackagedDefinition } from "../platform/definitions.ts";
import {
  readNotices,
  readPipeline,
  standstills,
  type Notice,
} from "../platform/notices.ts";
import { unservedFiles } from "../platform/unservedFiles.ts";

/** Two questions to the API for each pipeline. */
const POLL_MS = 3_000;

/** While the platform stays up: says what comes to stand still, with its reason, and what goes on again. Never ends. */
export async function tellNotices(
  stateDir: string,
  clients: Clients,
  definitions: readonly PackagedDefinition[],
  told: readonly Notice[],
  tell: (text: string) => void,
): Promise<void> {
  const look = async (each: PackagedDefinition): Promise<Notice[]> => [
    ...(await readNotices(clients, each)),
    ...unservedFiles(stateDir, each),
  ];
  await tellChanges(told, () => lookAtAll(definitions, look), tell);
}

/** While something waits for the pipelines: says why one of them stands still of which no batch and no sink is blocked. */
export async function tellWhile<Result>(
  waiting: Promise<Result>,
  clients: Clients,
  definitions: readonly PackagedDefinition[],
  tell: (text: string) => void,
): Promise<Result> {
  const over = new AbortController();
  const look = ({ pipeline }: PackagedDefinition): Promise<Notice[]> =>
    readPipeline(clients, pipeline).then((view) => standstills(pipeline, view));
  // Nobody waits for it: a look may be under way, and what it finds is not told any more.
  void tellChanges([], () => lookAtAll(definitions, look), tell, over.signal);
  try {
    return await waiting;
  } finally {
    over.abort();
  }
}

async function tellChanges(
  told: readonly Notice[],
  look: () => Promise<Notice[] | undefined>,
  tell: (text: string) => void,
  over?: AbortSignal,
): Promise<void> {
  let known = told;
  const standing: Standing = new Map();
  const isOver = (): boolean => over?.aborted === true;
  while (!isOver()) {
    const found = await look();
    if (isOver()) return;
    if (found !== undefined) {
      const stood = thoseThatStood(found, standing, performance.now());
      for (const text of changesSince(known, stood)) tell(`\n${text}`);
      known = stood;
    }
    // It rejects when it is over, and only then.
    await delay(POLL_MS, undefined, { signal: over }).catch(() => undefined);
  }
}

/** Longer than it takes until the first sweep and the watchers that it starts have been everywhere. */
const STANDS_MS = 90_000;

/** Since when something stands still, in milliseconds, by what it is. */
type Standing = Map<string, number>;

/** Without what may pass and has not stood for long. `standing` is what the looks before have seen, and is changed. */
export function thoseThatStood(
  found: readonly Notice[],
  standing: Standing,
  now: number,
): Notice[] {
  const names = new Set(found.map(({ what }) => what));
  for (const what of standing.keys())
    if (!names.has(what)) standing.delete(what);
  return found.filter(({ what, mayPass }) => {
    const since = standing.get(what) ?? now;
    standing.set(what, since);
    return mayPass !== true || now - since >= STANDS_MS;
  });
}

/** What to tell after a look: what stands still since the last one, and what goes on again. */
export function changesSince(
  known: readonly Notice[],
  found: readonly Notice[],
): string[] {
  const isIn = (all: readonly Notice[], { what }: Notice): boolean =>
    all.some((each) => each.what === what);
  return [
    ...found.filter((each) => !isIn(known, each)).map(({ text }) => text),
    ...known
      .filter((each) => !isIn(found, each))
      .map(({ what, over = `${what} goes on.` }) => over),
  ];
}

/** Undefined while the app does not answer: a service may be starting again. */
async function lookAtAll(
  definitions: readonly PackagedDefinition[],
  look: (definition: PackagedDefinition) => Promise<Notice[]>,
): Promise<Notice[] | undefined> {
  try {
    const found: Notice[] = [];
    for (const definition of definitions)
      found.push(...(await look(definition)));
    return found;
  } catch {
    return undefined;
  }
}
