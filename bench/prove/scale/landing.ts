/**
 * Both ends of the trade between few files and early ones, by the real hub, host and lake: what `land_within` decides.
 * Times depend on the machine and are told only; files are counted and judged.
 */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { projectDir } from "../../../local/src/platform/folders.ts";
import { until } from "../../../test/support/until.ts";
import { startPieces, type Pieces } from "../../processes.ts";
import type { Outcome } from "../proof.ts";

const HUB = "flights";
const EVENTS_A_SECOND = 1_000;
const SECONDS = 20;
const EVENTS = EVENTS_A_SECOND * SECONDS;
/** What a producer sends at once: a hundred sends a second. */
const SENT_AT_ONCE = 10;
const LONELY_EVENTS = 11;
const MOST_FILES_A_MILLION = 1_000;
const event = { body: Buffer.alloc(1024, '{"delay":5}') };

/** The one partition that events are sent into. */
const options = { partitionId: "0" };

export async function judgeLanding(
  say: (text: string) => void,
): Promise<Outcome> {
  execFileSync(process.execPath, [join(projectDir, "scripts", "package.mjs")]);
  const waiting = await land({});
  const atOnce = await land({
    AzureFunctionsJobHost__extensions__eventHubs__minEventBatchSize: "1",
  });
  const counts = {
    "landing.filesPerMillion": waiting.filesPerMillion,
    "landing.lonelyEventMs": waiting.lonelyMs,
    "landing.atOnce.filesPerMillion": atOnce.filesPerMillion,
    "landing.atOnce.lonelyEventMs": atOnce.lonelyMs,
  };
  say(
    `landing of ${EVENTS_A_SECOND} events a second in one partition: ${textOf(waiting)} as host.json says; ${textOf(atOnce)} with land_within: 0 seconds`,
  );
  const failures =
    waiting.filesPerMillion > MOST_FILES_A_MILLION
      ? [
          `landing: ${waiting.filesPerMillion} files for a million events are more than ${MOST_FILES_A_MILLION}.`,
        ]
      : [];
  return { failures, counts };
}

interface Landing {
  readonly filesPerMillion: number;
  /** From the send of one event until its file is there, of the median. */
  readonly lonelyMs: number;
}

const textOf = ({ filesPerMillion, lonelyMs }: Landing): string =>
  `${filesPerMillion} files for a million events, a lonely one after ${lonelyMs} ms`;

async function land(
  settings: Readonly<Record<string, string>>,
): Promise<Landing> {
  const pieces = await startPieces(settings);
  try {
    await pieces.services("eventHubs");
    await pieces.services("identity", "lake", "cosmos");
    await pieces.host();
    return await measure(pieces);
  } finally {
    await pieces.dispose();
  }
}

async function measure({ clients, stateDir }: Pieces): Promise<Landing> {
  const producer = clients.producer(HUB);
  const send = (count: number): Promise<void> =>
    producer.sendBatch(new Array<typeof event>(count).fill(event), options);
  const times: number[] = [];
  let sent = 0;
  for (; sent < LONELY_EVENTS; sent += 1) {
    const sentAt = performance.now();
    await send(1);
    await untilLanded(stateDir, sent + 1);
    times.push(performance.now() - sentAt);
  }
  const before = filesOf(stateDir).length;
  const startedAt = performance.now();
  for (let done = 0; done < EVENTS; done += SENT_AT_ONCE) {
    const aheadMs =
      (done / EVENTS_A_SECOND) * 1000 - (performance.now() - startedAt);
    if (aheadMs > 0) await setTimeout(aheadMs);
    await send(SENT_AT_ONCE);
  }
  await producer.close();
  await untilLanded(stateDir, sent + EVENTS);
  // The last file is cut short by the end of the sending, not by the waiting.
  const files = filesOf(stateDir).length - before - 1;
  const [median = 0] = times
    .sort((one, other) => one - other)
    .slice(Math.floor(LONELY_EVENTS / 2));
  return {
    filesPerMillion: Math.round((files / EVENTS) * 1_000_000),
    lonelyMs: Math.round(median * 10) / 10,
  };
}

const untilLanded = (stateDir: string, events: number): Promise<true> =>
  until(() => eventsIn(filesOf(stateDir)) >= events, `${events} in bronze`);

const filesOf = (stateDir: string): string[] =>
  readdirSync(join(stateDir, "lake"), {
    recursive: true,
    encoding: "utf8",
  }).filter((name) => name.endsWith(".avro"));

/** By their names: what the files hold is the tests' business. */
const eventsIn = (files: readonly string[]): number =>
  files.reduce((sum, name) => {
    const [, first = "0", last = "-1"] = /(\d+)-(\d+)\.avro$/.exec(name) ?? [];
    return sum + Number(last) - Number(first) + 1;
  }, 0);
