import type { Clients } from "../platform/clients.ts";
import { readProvision, type PlatformFolders } from "../platform/context.ts";
import type { PackagedDefinition } from "../platform/definitions.ts";
import {
  degradations,
  readPipeline,
  type Notice,
} from "../platform/notices.ts";
import { unservedFiles } from "../platform/unservedFiles.ts";
import { isIdle, waitUntilIdle } from "../platform/waitUntilIdle.ts";
import { reconcile, type Reconciliation } from "../reconciliation/reconcile.ts";
import { readSent } from "../reconciliation/sent.ts";
import { sentBySample } from "../sample/index.ts";

/** How all pipelines of the package stand, once nothing more happens by itself. */
export interface PipelineStates {
  /** What does not go on by itself. */
  readonly stuck: readonly Notice[];
  /** What goes on, and has to be looked after. */
  readonly degradations: readonly Notice[];
  /** Of the pipelines whose tables are served in full. */
  readonly reconciliations: readonly Reconciliation[];
}

/** Waits until every pipeline is idle or blocked; the figures of those that are idle are compared. */
export async function readPipelineStates(
  folders: PlatformFolders,
  clients: Clients,
  definitions: readonly PackagedDefinition[],
  onIdle: () => void,
): Promise<PipelineStates> {
  const { container } = readProvision(folders.projectDir).lake;
  const idle = await Promise.all(
    definitions.map((definition) =>
      waitUntilIdle(clients, container, definition),
    ),
  );
  onIdle();
  const complete = definitions.filter(
    (_, index) => idle[index]?.isServed === true,
  );
  const reconciliations: Reconciliation[] = [];
  for (const definition of complete)
    reconciliations.push(
      await reconcileIdle(folders, clients, container, definition),
    );
  const views = await Promise.all(
    definitions.map(({ pipeline }) => readPipeline(clients, pipeline)),
  );
  return {
    degradations: definitions.flatMap(({ pipeline }, index) =>
      views[index] ? degradations(pipeline, views[index]) : [],
    ),
    stuck: [
      ...idle.flatMap(({ stuck }) => stuck),
      ...definitions.flatMap((each) => unservedFiles(folders.stateDir, each)),
    ],
    reconciliations,
  };
}

/** Input that keeps coming keeps nobody waiting for ever. */
const MOST_COMPARISONS = 3;

/** Input that comes while the figures are read is in some of them only: they are compared again when it is processed. */
async function reconcileIdle(
  folders: PlatformFolders,
  clients: Clients,
  container: string,
  definition: PackagedDefinition,
): Promise<Reconciliation> {
  for (let comparison = 1; ; comparison += 1) {
    const found = await reconcile(folders, clients, definition, (hub) =>
      sentTo(folders.stateDir, hub),
    );
    if (found.differences.length === 0 || comparison === MOST_COMPARISONS)
      return found;
    if (await isIdle(clients, container, definition)) return found;
    await waitUntilIdle(clients, container, definition);
  }
}

/** What the player of the sample and `npm run send` know to have sent. */
function sentTo(stateDir: string, hub: string): number | undefined {
  const byPeople = readSent(stateDir)[hub];
  const bySample = sentBySample(stateDir, hub);
  return byPeople === undefined && bySample === undefined
    ? undefined
    : (byPeople ?? 0) + (bySample ?? 0);
}
