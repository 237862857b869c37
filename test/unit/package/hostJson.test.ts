import { readFileSync } from "node:fs";
import { hostJsonOf } from "../../../scripts/package/hostJson.ts";
import { readPipeline } from "../../../scripts/package/readPipeline.ts";
import { hostJson as hubHostJson } from "../../../src/sources/hub/hostJson.ts";
import type { HubYaml } from "../../../src/sources/hub/yaml.ts";
import type { WrittenEntry } from "../../../src/sources/kind.ts";

const hostJson = JSON.parse(readFileSync("host.json", "utf8")) as {
  extensionBundle: { version: string };
  extensions: { eventHubs: object; queues: { visibilityTimeout: string } };
};

test("the extension bundle has the Durable Task Scheduler's provider, and none with which newer SDKs hang at start", () => {
  const { version } = hostJson.extensionBundle;
  const [, major, minor] =
    /^\[(\d+)\.(\d+)\.\d+, 5\.0\.0\)$/.exec(version) ?? [];
  expect(Number(major)).toBe(4);
  expect(Number(minor)).toBeGreaterThanOrEqual(36);
});

test("a message that fails rests for 30 seconds: its five tries outlast a short outage", () => {
  expect(hostJson.extensions.queues.visibilityTimeout).toBe("00:00:30");
});

const aHub = (more: Partial<HubYaml> = {}): WrittenEntry<HubYaml> => ({
  pipeline: "p",
  source: "s",
  written: {
    hub: "h",
    partitions: 4,
    max_event_kb: 16,
    land_within: 2,
    contract: "contracts/c.schema.json",
    ...more,
  },
});

test("host.json of the project is what a source without words of its own needs", () => {
  expect(hostJson.extensions.eventHubs).toEqual({
    ...hubHostJson([aHub()])?.settings,
    initialOffsetOptions: { type: "fromStart" },
  });
});

test("batches fit into 2 GB, however many partitions and however large their events", () => {
  for (const partitions of [1, 4, 7, 16, 32])
    for (const max_event_kb of [1, 4, 16, 64, 256, 1024]) {
      const settings =
        hubHostJson([aHub({ partitions, max_event_kb })])?.settings ?? {};
      const most = Number(settings["maxEventBatchSize"]);
      const least = Number(settings["minEventBatchSize"]);
      const ahead = Number(settings["prefetchCount"]);
      // Six copies of a batch, what is kept until the next one is large enough, and what is fetched ahead.
      const held = partitions * (6 * most + least + ahead);
      expect(held * max_event_kb * 1024).toBeLessThanOrEqual(
        1280 * 1024 * 1024,
      );
      expect(most).toBeGreaterThanOrEqual(4);
      expect(ahead).toBeGreaterThanOrEqual(most);
      // The extension refuses a least size that is not below the most.
      expect(least).toBeLessThan(most);
    }
});

test("what is fetched ahead is counted in events: a size in bytes would take the count's place", () => {
  for (const source of [aHub(), aHub({ partitions: 32, max_event_kb: 1024 })])
    expect(hubHostJson([source])?.settings).not.toHaveProperty(
      "prefetchSizeInBytes",
    );
});

test("of several sources the one with the smallest batches decides, and so does the shortest wait", () => {
  const large = aHub({ hub: "images", max_event_kb: 1024, partitions: 32 });
  const hurried = aHub({ hub: "alarms", land_within: 0.5 });
  expect(hubHostJson([aHub(), large, hurried])).toMatchObject({
    settings: {
      maxEventBatchSize: 4,
      minEventBatchSize: 3,
      maxWaitTime: "00:00:00.500",
      prefetchCount: 8,
    },
    told: "Events: at most 4 at once, for p.s (1024 KB each, 32 partitions); one waits 0.5 s at most until 3 are there.",
  });
  // The hub has the partitions of the source that asks for more.
  const shared = [aHub({ max_event_kb: 1024 }), aHub({ partitions: 32 })];
  expect(hubHostJson(shared)?.settings).toMatchObject({ maxEventBatchSize: 4 });
});

test("who wants events at once waits for none", () => {
  const { settings } = hubHostJson([aHub(), aHub({ land_within: 0 })]) ?? {};
  expect(settings).toMatchObject({ minEventBatchSize: 1 });
  expect(settings).not.toHaveProperty("maxWaitTime");
});

test("without a hub nothing is said of hubs", () => {
  expect(hubHostJson([])).toBeUndefined();
});

test("docs/settings.md has the sizes of batches as they are computed", () => {
  const rows = [
    ...readFileSync("docs/settings.md", "utf8").matchAll(
      /^\| (\d+) +\| (\d+) +\| (\d+) +\| (\d+) +\| (\d+) +\|$/gm,
    ),
  ].map(([, ...cells]) => cells.map(Number));
  expect(rows).toEqual(
    [4, 16, 32].map((partitions) => [
      partitions,
      ...[4, 16, 64, 1024].map(
        (max_event_kb) =>
          hubHostJson([aHub({ partitions, max_event_kb })])?.settings[
            "maxEventBatchSize"
          ],
      ),
    ]),
  );
});

test("the staged host.json keeps what the project's says, and takes what the sources need", () => {
  const sample = readPipeline(process.cwd(), "flights");
  const staged = hostJsonOf(process.cwd(), [sample]);
  expect(staged.hostJson).toEqual(hostJson);
  expect(staged.told).toHaveLength(1);
});
