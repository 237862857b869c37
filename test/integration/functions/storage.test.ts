import { jest } from "@jest/globals";
import { BlobServiceClient } from "@azure/storage-blob";
import { StorageSharedKeyCredential as BlobKey } from "@azure/storage-blob";
import {
  QueueServiceClient,
  StorageSharedKeyCredential,
} from "@azure/storage-queue";
import { systemKey } from "../../../local/src/shared/keys.ts";
import { startCloud, type Cloud } from "../../support/functions/cloud.ts";
import {
  appDir,
  startHost,
  type RunningHost,
} from "../../support/functions/host.ts";
import { until } from "../../support/until.ts";

// A host is a process of its own: on a busy machine it takes seconds to start.
jest.setTimeout(60_000);
const PATIENCE_MS = 50_000;

interface Call {
  function: string;
  value: unknown;
  triggerMetadata: Record<string, unknown>;
}

let cloud: Cloud;
let host: RunningHost;
let queues: QueueServiceClient;
let blobs: BlobServiceClient;

beforeAll(async () => {
  cloud = await startCloud({
    lake: {
      container: "lake",
      folders: ["landing"],
      queues: ["work"],
      subscriptions: [
        {
          name: "drops",
          eventTypes: ["Microsoft.Storage.BlobCreated"],
          subjectBeginsWith: "/blobServices/default/containers/lake/blobs/",
          subjectNotBeginsWith: [],
          apis: [],
          destination: { blobTrigger: "dropped" },
        },
      ],
    },
  });
  const { settings, storageKey, stateDir, functionsPort } = cloud;
  queues = new QueueServiceClient(
    settings["Lake__queueServiceUri"] ?? "",
    new StorageSharedKeyCredential("assay", storageKey),
  );
  blobs = new BlobServiceClient(
    settings["Lake__blobServiceUri"] ?? "",
    new BlobKey("assay", storageKey),
  );
  host = await startHost({
    appDir: appDir("storage"),
    stateDir,
    settings,
    port: functionsPort,
  });
});
afterAll(async () => {
  await host.stop();
  await cloud.stop();
});

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const send = (text: string) => queues.getQueueClient("work").sendMessage(text);
const upload = (path: string, text: string, metadata = {}) =>
  blobs
    .getContainerClient("lake")
    .getBlockBlobClient(path)
    .upload(text, text.length, { metadata });
const callWith = async (
  passes: (call: Call) => boolean,
  count = 1,
): Promise<Call[]> =>
  (
    await host.until<Call[]>(
      "/api/calls",
      (calls) => calls.filter(passes).length >= count,
    )
  ).filter(passes);
const messagesOf = (queue: string, count: number): Promise<string[]> =>
  until(
    async () => {
      const { peekedMessageItems } = await queues
        .getQueueClient(queue)
        .peekMessages({ numberOfMessages: 32 })
        .catch(() => ({ peekedMessageItems: [] }));
      return (
        peekedMessageItems.length >= count &&
        peekedMessageItems.map(({ messageText }) => messageText)
      );
    },
    `${count} messages in ${queue}`,
    PATIENCE_MS,
  );

test("a message is decoded, guessed to be JSON and merged into the binding data, and then gone", async () => {
  await send(base64('{"Subject":"s","n":1}'));
  const [call] = await callWith(({ value }) =>
    JSON.stringify(value).includes("Subject"),
  );
  expect(call?.value).toEqual({ Subject: "s", n: 1 });
  expect(call?.triggerMetadata).toMatchObject({
    queueTrigger: { subject: "s", n: 1 },
    dequeueCount: 1,
    subject: "s",
    n: 1,
  });
  expect(call?.triggerMetadata["insertionTime"]).toMatch(/\+00:00$/);
});

test("a message that fails rests for the visibility timeout, and after five times goes to the poison queue as it came, one that is not base64 too", async () => {
  const sentAt = Date.now();
  await send(base64("a bad message"));
  await send("not base64!");
  const poison = await messagesOf("work-poison", 2);
  // Four rests of a second each, as this app's host.json says.
  expect(Date.now() - sentAt).toBeGreaterThanOrEqual(4_000);
  expect(poison.sort()).toEqual(
    [base64("a bad message"), "not base64!"].sort(),
  );
  const tries = await callWith(({ value }) => value === "a bad message", 5);
  expect(
    tries.map(({ triggerMetadata }) => triggerMetadata["dequeueCount"]),
  ).toEqual([1, 2, 3, 4, 5]);
  // The host puts a message into the poison queue first, and then removes it.
  await until(
    async () => {
      const left = await queues.getQueueClient("work").getProperties();
      return left.approximateMessagesCount === 0;
    },
    "the queue to be empty",
    PATIENCE_MS,
  );
});

test("a dropped blob arrives as bytes, names of its path guessed, names of its metadata in lower case", async () => {
  await upload("landing/2024/true.csv", '{"a":1}', { Who: "me" });
  const [call] = await callWith(({ function: name }) => name === "dropped");
  expect(call?.value).toEqual({ text: '{"a":1}' });
  expect(call?.triggerMetadata).toMatchObject({
    blobTrigger: "lake/landing/2024/true.csv",
    properties: { contentLength: 7 },
    metadata: { who: "me" },
    folder: 2024,
    name: true,
  });
});

test("a blob that does not match the path is passed over; the last name reaches over slashes", async () => {
  await upload("landing/other.txt", "other");
  await host.logged(
    ({ event, path }) =>
      event === "blob.skipped" && path === "lake/landing/other.txt",
  );
  await upload("landing/x/y/z.csv", "deep");
  const [call] = await callWith(({ triggerMetadata }) =>
    String(triggerMetadata["blobTrigger"]).endsWith("z.csv"),
  );
  expect(call?.triggerMetadata).toMatchObject({ folder: "x", name: "y/z" });
  const others = ({ triggerMetadata }: Call): boolean =>
    String(triggerMetadata["blobTrigger"]).endsWith("other.txt");
  expect(await callWith(others, 0)).toEqual([]);
});

test("a blob that fails five times is named in the poison queue", async () => {
  await upload("landing/x/poison.csv", "bad");
  const [message = ""] = await messagesOf("webjobs-blobtrigger-poison", 1);
  expect(JSON.parse(Buffer.from(message, "base64").toString())).toMatchObject({
    FunctionId: "Host.Functions.dropped",
    ContainerName: "lake",
    BlobName: "landing/x/poison.csv",
  });
  const tries = await callWith(
    ({ triggerMetadata }) => triggerMetadata["name"] === "poison",
  );
  expect(tries).toHaveLength(5);
});

describe("the blob webhook", () => {
  const post = (query: string, type: string, body: unknown) =>
    fetch(`${host.url}/runtime/webhooks/blobs?${query}`, {
      method: "POST",
      headers: { "aeg-event-type": type, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const target = () =>
    `functionName=Host.Functions.dropped&code=${systemKey(cloud.stateDir)}`;

  test("answers the validation of a subscription with its code", async () => {
    const response = await post(target(), "SubscriptionValidation", [
      { data: { validationCode: "c0de" } },
    ]);
    expect(await response.json()).toEqual({ validationResponse: "c0de" });
  });

  test("refuses a wrong key, an unknown function and an unknown kind of event", async () => {
    const statusOf = async (query: string, type: string) =>
      (await post(query, type, [])).status;
    const wrongKey = "functionName=Host.Functions.dropped&code=x";
    expect(await statusOf(wrongKey, "Notification")).toBe(401);
    expect(
      await statusOf(target().replace("dropped", "other"), "Notification"),
    ).toBe(404);
    expect(await statusOf(target(), "Other")).toBe(400);
  });

  test("passes over a blob that is gone or was written again since", async () => {
    const { etag = "" } = await upload("landing/x/twice.csv", "new");
    await callWith(
      ({ triggerMetadata }) => triggerMetadata["name"] === "twice",
    );
    const url = `${blobs.url}/lake/landing/x`;
    const response = await post(target(), "Notification", [
      { data: { url: `${url}/gone.csv`, eTag: etag } },
      { data: { url: `${url}/twice.csv`, eTag: "0x1" } },
    ]);
    expect(response.status).toBe(202);
    await until(
      () =>
        host.logs().filter(({ event }) => event === "blob.passedOver")
          .length === 2,
      "both to be passed over",
      PATIENCE_MS,
    );
  });
});

test("a blob noted before the host was killed is handled by the next host", async () => {
  await host.kill();
  const { settings, stateDir, functionsPort } = cloud;
  await upload("landing/x/late.csv", "late");
  host = await startHost({
    appDir: appDir("storage"),
    stateDir,
    settings,
    port: functionsPort,
  });
  const [call] = await callWith(
    ({ triggerMetadata }) => triggerMetadata["name"] === "late",
  );
  expect(call?.value).toEqual({ text: "late" });
});
