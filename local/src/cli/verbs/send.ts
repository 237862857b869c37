/**
 * `npm run send -- <hub> '<event>'`: sends one event to a running platform and shows which answers it changed, and
 * after how long.
 */
import { type Arguments, UsageError } from "../../../../scripts/arguments.mjs";
import type { EventHubProducerClient } from "@azure/event-hubs";
import {
  isOver,
  takesIn,
  waitForBatch,
  type Batch,
} from "../../platform/batches.ts";
import type { Clients } from "../../platform/clients.ts";
import { readProvision } from "../../platform/context.ts";
import {
  hubsOf,
  packagedDefinitions,
  servingSinks,
  type PackagedDefinition,
} from "../../platform/definitions.ts";
import { readFolders } from "../../platform/folders.ts";
import { noteSent } from "../../reconciliation/sent.ts";
import { isSampleSending } from "../../sample/index.ts";
import { changedAnswers, snapshotAnswers, type Answers } from "../changes.ts";
import { needNamed } from "../named.ts";
import { runningClients } from "../running.ts";
import { say } from "../say.ts";

export async function send(args: Arguments): Promise<void> {
  const folders = readFolders();
  const [name, body = ""] = args.positionals;
  const hubs = readProvision(folders.projectDir).hubs.map((hub) => hub.name);
  const hub = needNamed("hub", hubs, name);
  const clients = await runningClients(folders.stateDir);
  if (isSampleSending(folders.stateDir, hub))
    throw new UsageError(
      "The sample is still being sent: wait until npm start says that it is up.",
    );

  const readers = packagedDefinitions(folders.projectDir).filter((definition) =>
    hubsOf(definition).some((read) => read.hub === hub),
  );
  const before = new Map<PackagedDefinition, Answers>();
  for (const reader of readers)
    before.set(reader, await snapshotAnswers(clients, reader.pipeline));
  const startedAt = performance.now();
  const producer = clients.producer(hub);
  const sequence = await sendOne(producer, body);
  noteSent(folders.stateDir, hub);
  await producer.close();
  say(
    `Sent: ${hub}, partition ${PARTITION}, sequence number ${sequence}. Waiting for its batch …`,
  );
  for (const [definition, answers] of before) {
    const { batch, state } = await served(clients, definition, hub, sequence);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    if (state === "skipped") {
      say(`Batch ${batch} was skipped: its events change nothing.`);
      continue;
    }
    say(`Batch ${batch} is served, ${seconds} s after the event was sent.`);
    const changes = await changedAnswers(clients, definition.pipeline, answers);
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

/** Waits until the batch of an event is processed and Cosmos DB has its changes. */
async function served(
  clients: Clients,
  definition: PackagedDefinition,
  hub: string,
  sequence: number,
): Promise<Batch> {
  const streams = hubsOf(definition).filter((read) => read.hub === hub);
  const wanted = new Map([[PARTITION, sequence]]);
  const serving = servingSinks(definition);
  const batch = await waitForBatch(
    clients,
    definition,
    (one) =>
      isOver(one) &&
      streams.every(({ stream }) => takesIn(one, stream, wanted)) &&
      serving.every((sink) => {
        const state = one.sinks?.[sink] ?? "delivered";
        return state === "delivered" || state === "blocked";
      }),
  );
  const blocked = serving.find((sink) => batch.sinks?.[sink] === "blocked");
  if (blocked !== undefined)
    throw new Error(
      `Batch ${batch.batch} is processed, and the sink ${blocked} that serves it is blocked: GET /api/pipelines/${definition.pipeline} says why.`,
    );
  return batch;
}
