/**
 * `npm run send -- <hub> '<event>'`: sends one event to a running platform and shows which answers it changed, and
 * after how long. `--file <path>` sends each line of a file as an event.
 */
import type { Arguments } from "../../../../scripts/arguments.mjs";
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
import { lastSequences } from "../../platform/hubs.ts";
import { noteSent } from "../../reconciliation/sent.ts";
import { changedAnswers, snapshotAnswers, type Answers } from "../changes.ts";
import { needNamed } from "../named.ts";
import { runningClients } from "../running.ts";
import { shortened, visible } from "../rows.ts";
import { say, terminalWidth } from "../say.ts";
import { needFile, sendFile, type FileToSend } from "../sendFile.ts";
import { stopwatch } from "../stopwatch.ts";

export async function send(args: Arguments): Promise<void> {
  const folders = readFolders();
  const [name, body] = args.positionals;
  const path = args.values.get("file");
  const file =
    path === undefined
      ? undefined
      : { path: needFile(path), key: args.values.get("key") };
  const hubs = readProvision(folders.projectDir).hubs.map((hub) => hub.name);
  const hub = needNamed("hub", hubs, name);
  const clients = await runningClients(folders.stateDir);
  const readers = packagedDefinitions(folders.projectDir).filter((definition) =>
    hubsOf(definition).some((read) => read.hub === hub),
  );
  if (file === undefined)
    await sendEvent(folders.stateDir, clients, hub, readers, body ?? "");
  else await sendLines(folders.stateDir, clients, hub, readers, file);
}

/** What is sent is in the hub, whatever becomes of the wait for its batch: it must not be sent again. */
async function whileRunning<Result>(wait: Promise<Result>): Promise<Result> {
  try {
    return await wait;
  } catch (error) {
    // Node's words for a service that is not there any more.
    if (!(error instanceof TypeError) || error.message !== "fetch failed")
      throw error;
    throw new Error(
      "Assay was ended meanwhile. What was sent is in the hub and is processed at the next start: do not send it again.",
      { cause: error },
    );
  }
}

async function sendEvent(
  stateDir: string,
  clients: Clients,
  hub: string,
  readers: readonly PackagedDefinition[],
  body: string,
): Promise<void> {
  const before = new Map<PackagedDefinition, Answers>();
  for (const reader of readers)
    before.set(reader, await snapshotAnswers(clients, reader.pipeline));
  const watch = stopwatch();
  const producer = clients.producer(hub);
  const sequence = await sendOne(producer, body);
  noteSent(stateDir, hub, 1);
  await producer.close();
  say(
    `Sent: ${hub}, partition ${PARTITION}, sequence number ${sequence}. Waiting for its batch …`,
  );
  const wanted = new Map([[PARTITION, sequence]]);
  for (const [definition, answers] of before) {
    const { batch, state } = await whileRunning(
      served(clients, definition, hub, wanted),
    );
    if (state === "skipped") {
      say(`Batch ${batch} was skipped: its events change nothing.`);
      continue;
    }
    say(
      `Batch ${batch} is served, ${watch.total().toFixed(1)} s after the event was sent.`,
    );
    const changes = await changedAnswers(clients, definition.pipeline, answers);
    if (changes.length === 0)
      say("No answer changed: the event is a duplicate or in quarantine.");
    for (const { path, was, is } of changes.slice(0, MOST_CHANGES)) {
      const width = process.stdout.isTTY ? terminalWidth() - 6 : Infinity;
      say(path);
      say(`  was ${shortened(visible(was), width)}`);
      say(`  is  ${shortened(visible(is), width)}`);
    }
    if (changes.length > MOST_CHANGES)
      say(`… and ${changes.length - MOST_CHANGES} more answers.`);
  }
}

/** A terminal is no place for more. */
const MOST_CHANGES = 20;

async function sendLines(
  stateDir: string,
  clients: Clients,
  hub: string,
  readers: readonly PackagedDefinition[],
  file: FileToSend,
): Promise<void> {
  const watch = stopwatch();
  let unnoted = 0;
  let count: number;
  try {
    count = await sendFile(clients, hub, file, (more) => {
      unnoted += more;
    });
  } finally {
    noteSent(stateDir, hub, unnoted);
  }
  if (count === 0) return;
  say("Waiting for their batch …");
  const wanted = await lastSequences(clients, hub);
  for (const definition of readers) {
    const { pipeline } = definition;
    const { batch } = await whileRunning(
      served(clients, definition, hub, wanted),
    );
    say(
      `Batch ${batch} of ${pipeline} has the last of them, ${watch.total().toFixed(1)} s after the first was sent.`,
    );
    say(`GET /api/batches/${pipeline} shows what became of them.`);
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

/** Waits until the batch of these events is processed and Cosmos DB has its changes. */
async function served(
  clients: Clients,
  definition: PackagedDefinition,
  hub: string,
  wanted: ReadonlyMap<string, number>,
): Promise<Batch> {
  const streams = hubsOf(definition).filter((read) => read.hub === hub);
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
