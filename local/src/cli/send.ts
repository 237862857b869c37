/**
 * `npm run send -- <hub> '<event>'`: sends one event to a running platform and shows which answers it changed, and
 * after how long.
 */
import type { EventHubProducerClient } from "@azure/event-hubs";
import { readProvision } from "../platform/context.ts";
import { readFolders } from "../platform/folders.ts";
import { readPlayed, writePlayed } from "../sample/player.ts";
import {
  changedAnswers,
  pipelinesOf,
  snapshotAnswers,
  type Answers,
} from "./changes.ts";
import { UsageError } from "./options.ts";
import { packagedDefinition } from "../platform/packageApp.ts";
import { runningClients } from "./running.ts";
import { waitForRun } from "../platform/runs.ts";
import { complain, say } from "./say.ts";

const folders = readFolders();

async function main(): Promise<void> {
  const [hub, body, ...rest] = process.argv.slice(2);
  const { hubs } = readProvision(folders.projectDir);
  const known = hubs.map(({ name }) => name).join(", ");
  if (hub === undefined || body === undefined || rest.length > 0) {
    throw new UsageError(
      `Usage: npm run send -- <hub> '<event>'\nThe hubs are: ${known}.`,
    );
  }
  if (!hubs.some(({ name }) => name === hub))
    throw new UsageError(`There is no hub '${hub}'. The hubs are: ${known}.`);
  const clients = await runningClients(folders.stateDir);
  const played = readPlayed(folders.stateDir);
  if (!played.isComplete)
    throw new UsageError(
      "The sample is still being sent: wait until npm start says that it is up.",
    );

  const before = new Map<string, Answers>();
  for (const pipeline of await pipelinesOf(hub))
    before.set(pipeline, await snapshotAnswers(clients, pipeline));
  const startedAt = performance.now();
  const producer = clients.producer(hub);
  const sequence = await sendOne(producer, body);
  writePlayed(folders.stateDir, { ...played, others: played.others + 1 });
  await producer.close();
  say(
    `Sent: ${hub}, partition ${PARTITION}, sequence number ${sequence}. Waiting for its batch …`,
  );
  for (const [pipeline, answers] of before) {
    const run = await waitForRun(
      clients,
      pipeline,
      packagedDefinition(folders.projectDir, pipeline),
      ({ state, ends }) =>
        state === "done" &&
        Object.values(ends[hub] ?? {}).some(
          (end) => (end[PARTITION] ?? -1) >= sequence,
        ),
    );
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    say(`Batch ${run.batch} is served, ${seconds} s after the event was sent.`);
    const changes = await changedAnswers(clients, pipeline, answers);
    if (changes.length === 0)
      say("No answer changed: the event is a duplicate or in quarantine.");
    for (const { path, was, is } of changes)
      say(`${path}\n  was ${was}\n  is  ${is}`);
  }
}

/** One partition for all that people send by hand, so that its sequence number is known. */
const PARTITION = "0";

async function sendOne(
  producer: EventHubProducerClient,
  body: string,
): Promise<number> {
  await producer.sendBatch([{ body: Buffer.from(body) }], {
    partitionId: PARTITION,
  });
  return (await producer.getPartitionProperties(PARTITION))
    .lastEnqueuedSequenceNumber;
}

try {
  await main();
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
