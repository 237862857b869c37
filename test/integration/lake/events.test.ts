import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StorageEvent } from "../../../local/src/services/lake/events.ts";
import { systemKey } from "../../../local/src/shared/keys.ts";
import { freePorts } from "../../support/freePort.ts";
import {
  aSubscription,
  startLake,
  type LocalLake,
} from "../../support/lake.ts";
import { until } from "../../support/until.ts";

const PATIENCE_MS = 20_000;
const queues = ["landing-events"];
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function aLake(
  ...args: Parameters<typeof startLake>
): Promise<LocalLake> {
  const lake = await startLake(...args);
  open.push(() => lake.stop());
  return lake;
}

/** The events that are in the queue by now, as the queue trigger would see them. */
async function taken(lake: LocalLake): Promise<StorageEvent[]> {
  const queue = lake.queues.getQueueClient("landing-events");
  const { receivedMessageItems } = await queue.receiveMessages({
    numberOfMessages: 32,
  });
  return receivedMessageItems.map(
    ({ messageText }) =>
      JSON.parse(Buffer.from(messageText, "base64").toString()) as StorageEvent,
  );
}

const upload = (lake: LocalLake, path: string): Promise<unknown> =>
  lake.blobs
    .getContainerClient("lake")
    .getBlockBlobClient(path)
    .upload("abc", 3, { blobHTTPHeaders: { blobContentType: "text/csv" } });

test("a put below the folder is told to the queue in Event Grid's schema, others are not", async () => {
  const lake = await aLake({ queues, subscriptions: [aSubscription()] });
  await upload(lake, "bronze/other.csv");
  await upload(lake, "landing/a b.csv");
  const [event, ...more] = await taken(lake);
  expect(more).toEqual([]);
  const { etag } = await lake.blobs
    .getContainerClient("lake")
    .getBlobClient("landing/a b.csv")
    .getProperties();
  expect(event).toMatchObject({
    subject: "/blobServices/default/containers/lake/blobs/landing/a b.csv",
    eventType: "Microsoft.Storage.BlobCreated",
    data: {
      api: "PutBlob",
      contentLength: 3,
      contentType: "text/csv",
      eTag: etag?.replaceAll('"', ""),
      url: `${lake.lakeUrl}/lake/landing/a%20b.csv`,
    },
  });
});

test("every way to make, move and delete a file has its api", async () => {
  const all = [
    "BlobCreated",
    "BlobRenamed",
    "BlobDeleted",
    "DirectoryCreated",
    "DirectoryRenamed",
    "DirectoryDeleted",
  ].map((name) => `Microsoft.Storage.${name}`);
  const lake = await aLake({
    queues,
    subscriptions: [aSubscription({ eventTypes: all })],
  });
  const files = lake.files.getFileSystemClient("lake");
  await files.getDirectoryClient("landing/dir").create();
  await files
    .getFileClient("landing/f")
    .upload(Buffer.from("x"), { close: true });
  await files.getFileClient("landing/f").move("landing/dir/g");
  await files.getDirectoryClient("landing/dir").move("landing/moved");
  await files.getFileClient("landing/moved/g").delete();
  await files.getDirectoryClient("landing/moved").delete(true);
  const blob = lake.blobs
    .getContainerClient("lake")
    .getBlockBlobClient("landing/b");
  await blob.stageBlock("YWE=", "aa", 2);
  await blob.commitBlockList(["YWE="]);
  await blob.delete();
  const events = await taken(lake);
  expect(events.map(({ data }) => data.api)).toEqual([
    "CreateDirectory",
    "CreateFile",
    "FlushWithClose",
    "RenameFile",
    "RenameDirectory",
    "DeleteFile",
    "DeleteDirectory",
    "PutBlockList",
    "DeleteBlob",
  ]);
  expect(events[3]).toMatchObject({
    subject: "/blobServices/default/containers/lake/blobs/landing/dir/g",
    data: {
      sourceUrl: `${lake.lakeUrl}/lake/landing/f`,
      destinationUrl: `${lake.lakeUrl}/lake/landing/dir/g`,
    },
  });
  const sequencers = events.map(({ data }) => String(data["sequencer"]));
  expect(sequencers).toEqual([...sequencers].sort());
});

test("filters by type, excluded folder and api hold", async () => {
  const lake = await aLake({
    queues,
    subscriptions: [
      aSubscription({
        apis: ["PutBlob", "RenameFile"],
        subjectNotBeginsWith: [
          "/blobServices/default/containers/lake/blobs/landing/airports/",
        ],
      }),
    ],
  });
  const files = lake.files.getFileSystemClient("lake");
  await upload(lake, "landing/airports/x.csv");
  await upload(lake, "landing/others/x.csv");
  await files
    .getFileClient("landing/flushed")
    .upload(Buffer.from("x"), { close: true });
  await files.getFileClient("landing/others/x.csv").move("landing/renamed");
  await files.getFileClient("landing/renamed").delete();
  const events = await taken(lake);
  expect(
    events.map(({ data, subject }) => [data.api, subject.slice(-8)]),
  ).toEqual([
    ["PutBlob", "rs/x.csv"],
    ["RenameFile", "/renamed"],
  ]);
});

interface Hook {
  readonly seen: { url: string; event: StorageEvent }[];
  answer: number;
}

function webhook(port: number): Promise<Hook> {
  const hook: Hook = { seen: [], answer: 200 };
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const events = JSON.parse(
        Buffer.concat(parts).toString(),
      ) as StorageEvent[];
      for (const event of events)
        hook.seen.push({ url: request.url ?? "", event });
      response.writeHead(hook.answer).end();
    });
  });
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => {
      open.push(
        () =>
          new Promise((done) => {
            server.close(done);
            server.closeAllConnections();
          }),
      );
      resolve(hook);
    });
  });
}

test("a blob trigger's event waits for the host, over a restart, until it is taken", async () => {
  const stateDir = mkdtempSync(join(tmpdir(), "assay-lake-"));
  open.push(() => rm(stateDir, { recursive: true }));
  const options = {
    stateDir,
    ports: await freePorts("lake", "queue", "identity", "functions"),
    subscriptions: [
      aSubscription({
        destination: { blobTrigger: "claimBlob-flights-airports" },
      }),
    ],
  };
  const first = await startLake(options);
  await upload(first, "landing/airports/a.csv");
  await first.stop();

  await aLake(options);
  const hook = await webhook(options.ports.functions);
  hook.answer = 500;
  await until(() => hook.seen.length >= 2, "a second refusal", PATIENCE_MS);
  hook.answer = 202;
  const refused = hook.seen.length;
  await until(() => hook.seen.length > refused, "the event", PATIENCE_MS);
  expect(new Set(hook.seen.map(({ event }) => event.id)).size).toBe(1);
  expect(hook.seen[0]?.url).toBe(
    `/runtime/webhooks/blobs?functionName=Host.Functions.claimBlob-flights-airports&code=${systemKey(stateDir)}`,
  );
}, 60_000);

test("an event for a queue that is not there yet waits until it is", async () => {
  const lake = await aLake({ subscriptions: [aSubscription()] });
  await upload(lake, "landing/early.csv");
  await lake.queues.getQueueClient("landing-events").create();
  const events = await until(
    async () => {
      const found = await taken(lake);
      return found.length > 0 && found;
    },
    "the event",
    PATIENCE_MS,
  );
  expect(events).toHaveLength(1);
}, 60_000);
