import { readFileSync } from "node:fs";

const hostJson = JSON.parse(readFileSync("host.json", "utf8")) as {
  extensionBundle: { version: string };
  extensions: { queues: { visibilityTimeout: string } };
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
