import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../support/freePort.ts";
import { aSubscription, clientsOfLake, startLake } from "../../support/lake.ts";

const SERVER = join(import.meta.dirname, "../../support/lakeProcess.ts");
const BYTES = 200_000;

let stateDir: string;
let ports: Record<string, number>;

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), "assay-lake-"));
  ports = await freePorts("lake", "queue", "identity", "functions");
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

const queues = ["landing-events"];
const subscriptions = [aSubscription()];

async function startChild(): Promise<ChildProcess> {
  const child = fork(
    SERVER,
    [stateDir, JSON.stringify({ ports, queues, subscriptions })],
    { execArgv: [], env: { PATH: process.env["PATH"] }, stdio: "inherit" },
  );
  await new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", () =>
      reject(new Error("The lake ended before it listened.")),
    );
  });
  return child;
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

const digest = (bytes: Buffer): string =>
  createHash("sha256").update(bytes).digest("hex");

/** Writers that go on until the server is killed under them. Answers the names that were acknowledged. */
async function writeUntilKilled(
  child: ChildProcess,
  round: number,
  writes: number,
): Promise<string[]> {
  const { blobs } = clientsOfLake(stateDir, ports);
  const container = blobs.getContainerClient("lake");
  const acknowledged: string[] = [];
  const isEnough = (): boolean => acknowledged.length >= writes;
  let dying: Promise<void> | undefined;
  const writers = [0, 1, 2, 3].map(async (writer) => {
    for (let number = 0; !isEnough(); number++) {
      const body = Buffer.alloc(BYTES, `${round}-${writer}-${number}.`);
      const name = `landing/${round}/${writer}-${number}`;
      const isOnce = number % 2 === 0;
      try {
        await container.getBlockBlobClient(name).upload(body, body.length, {
          metadata: { sha256: digest(body) },
          ...(isOnce ? { conditions: { ifNoneMatch: "*" } } : {}),
        });
      } catch (error) {
        if (isEnough()) return;
        throw error;
      }
      acknowledged.push(name);
      if (isEnough()) dying ??= killed(child);
    }
  });
  try {
    await Promise.all(writers);
  } finally {
    await (dying ??= killed(child));
  }
  return acknowledged;
}

test("after a kill in the middle of writes no blob is half, none lacks its metadata, none that was acknowledged is lost", async () => {
  const acknowledged: string[] = [];
  for (const [round, writes] of [7, 12, 18, 25].entries()) {
    const child = await startChild();
    acknowledged.push(...(await writeUntilKilled(child, round, writes)));
  }
  const lake = await startLake({ stateDir, ports, queues, subscriptions });
  try {
    const container = lake.blobs.getContainerClient("lake");
    const found: string[] = [];
    for await (const blob of container.listBlobsFlat({
      prefix: "landing/",
      includeMetadata: true,
    })) {
      if (blob.metadata?.["hdi_isfolder"] === "true") continue;
      found.push(blob.name);
      const bytes = await container.getBlobClient(blob.name).downloadToBuffer();
      expect(bytes).toHaveLength(BYTES);
      expect(blob.metadata?.["sha256"]).toBe(digest(bytes));
    }
    expect(found).toEqual(expect.arrayContaining(acknowledged));
    expect(readdirSync(join(stateDir, "lakeService/incoming"))).toEqual([]);

    const told = new Set<string>();
    const queue = lake.queues.getQueueClient("landing-events");
    for (;;) {
      const { receivedMessageItems } = await queue.receiveMessages({
        numberOfMessages: 32,
      });
      if (receivedMessageItems.length === 0) break;
      for (const { messageText } of receivedMessageItems) {
        const text = Buffer.from(messageText, "base64").toString();
        const { subject } = JSON.parse(text) as { subject: string };
        told.add(subject.slice(subject.indexOf("landing/")));
      }
    }
    expect([...told].sort()).toEqual(found.sort());
  } finally {
    await lake.stop();
  }
}, 60_000);

test("appended bytes, blocks, messages and ETags are there after a kill", async () => {
  const child = await startChild();
  const before = clientsOfLake(stateDir, ports);
  const file = before.files.getFileSystemClient("lake").getFileClient("f.txt");
  await file.create();
  await file.append("hello", 0, 5);
  const blob = before.blobs.getContainerClient("lake").getBlockBlobClient("b");
  await blob.stageBlock("YWE=", "aa", 2);
  const ours = before.blobs.getContainerClient("lake").getBlockBlobClient("e");
  const { etag } = await ours.upload("e", 1);
  await before.queues.getQueueClient("landing-events").sendMessage("m");
  await killed(child);

  const lake = await startLake({ stateDir, ports, queues, subscriptions });
  try {
    const container = lake.blobs.getContainerClient("lake");
    expect((await container.getBlobClient("e").getProperties()).etag).toBe(
      etag,
    );
    const again = lake.files.getFileSystemClient("lake").getFileClient("f.txt");
    await again.flush(5);
    expect((await again.readToBuffer()).toString()).toBe("hello");
    await container.getBlockBlobClient("b").commitBlockList(["YWE="]);
    const { receivedMessageItems } = await lake.queues
      .getQueueClient("landing-events")
      .receiveMessages();
    expect(receivedMessageItems[0]?.messageText).toBe("m");
  } finally {
    await lake.stop();
  }
}, 30_000);
