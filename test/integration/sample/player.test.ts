import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOwn } from "../../../local/src/sample/ownEvents.ts";
import {
  beginPlaying,
  readPlayed,
  sendPart,
} from "../../../local/src/sample/player.ts";
import {
  receive,
  startEventHubs,
  type LocalEventHubs,
} from "../../support/eventHubs.ts";

const HUB = "played";
let hubs: LocalEventHubs;
let stateDir: string;

beforeAll(async () => {
  stateDir = mkdtempSync(join(tmpdir(), "assay-player-"));
  hubs = await startEventHubs({
    hubs: [{ name: HUB, partitions: 2, consumerGroups: [] }],
  });
});
afterAll(async () => {
  await hubs.stop();
  rmSync(stateDir, { recursive: true });
});

const bodies = (part: string, partition: number, count: number): Buffer[] =>
  Array.from({ length: count }, (_, at) =>
    Buffer.from(`${part} ${partition} ${at}`),
  );
const parts = ["first", "second"].map((part) =>
  [0, 1].map((partition) => bodies(part, partition, 700)),
);

async function othersSend(): Promise<void> {
  const producer = hubs.producer(HUB);
  for (const partitionId of ["0", "1"])
    await producer.sendBatch([{ body: "of others" }], { partitionId });
  await producer.close();
}

test("the player sends each of its events once and in order, though others send before, between and after a kill", async () => {
  const clients = { consumer: (hub: string) => hubs.consumer(hub) };
  const producer = hubs.producer(HUB);
  await othersSend();
  await beginPlaying(producer, stateDir);
  await othersSend();
  // A player that was killed had sent some of one partition.
  const some = (parts[0]?.[0] ?? []).slice(0, 10);
  await sendPart(clients, producer, { parts: [[some, []], []] }, 0, stateDir);
  await othersSend();
  await sendPart(clients, producer, { parts }, 0, stateDir);
  await othersSend();
  await sendPart(clients, producer, { parts }, 1, stateDir);
  await producer.close();
  for (const partition of [0, 1]) {
    const all = await receive(hubs.consumer(HUB), {
      partitionId: String(partition),
      count: 1404,
    });
    const own = all.filter(isOwn).map(({ body }) => String(body));
    expect(own).toEqual(
      parts.flatMap((part) => (part[partition] ?? []).map(String)),
    );
  }
  expect(readPlayed(stateDir)).toMatchObject({
    sent: { "0": 1400, "1": 1400 },
    isComplete: true,
  });
}, 30_000);
