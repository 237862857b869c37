import { CloudEvent, HTTP } from "cloudevents";
import { Webhook } from "standardwebhooks";
import { notify } from "../../../src/sinks/notify/index.ts";
import type { BatchDelivered } from "../../../src/sinks/notify/event.ts";
import { createActivities } from "../../../src/sinks/notify/activities.ts";
import { aRow, INCARNATION, sealBatch } from "../../support/app/delivering.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SETTINGS = {
  NOTIFY_FLIGHTS_MORNING_URL: "https://receiver.example/hook",
  NOTIFY_FLIGHTS_MORNING_SECRET: SECRET,
};
const definition = aDefinition({
  sinks: {
    morning: { kind: "notify", tables: ["airport_delays"], settings: {} },
  },
});

interface Sent {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function aWorldOf(
  settings: Readonly<Record<string, string>>,
  status = 204,
): { world: World; sent: Sent[] } {
  const world = aWorld();
  // A signature is of now, and its reader allows five minutes.
  world.clock.now = Date.now();
  const sent: Sent[] = [];
  Object.assign(world.config, {
    sinkSetting: (name: string) => settings[name],
  });
  world.webhooks.post = (url, headers, body) => {
    sent.push({ url, headers, body });
    return Promise.resolve(status);
  };
  sealBatch(world, 7, {
    definition,
    parts: { airport_delays: [[aRow("a"), aRow("b")]] },
  });
  return { world, sent };
}

const send = (world: World) =>
  createActivities(world).notifySend({
    pipeline: "flights",
    sink: "morning",
    batch: 7,
  });

test("an announcement is a CloudEvent of the batch, as the CloudEvents library reads it", async () => {
  const { world, sent } = aWorldOf(SETTINGS);
  expect(await send(world)).toEqual({ kind: "done" });
  const [{ headers, body, url } = { headers: {}, body: "", url: "" }] = sent;
  expect(url).toBe(SETTINGS.NOTIFY_FLIGHTS_MORNING_URL);
  const event = HTTP.toEvent({ headers: { ...headers }, body });
  expect(event).toBeInstanceOf(CloudEvent);
  expect((event as CloudEvent<unknown>).validate()).toBe(true);
  expect(event).toMatchObject({
    specversion: "1.0",
    id: `${INCARNATION}/7/morning`,
    source: "/pipelines/flights",
    type: "assay.batch.delivered",
    data: {
      pipeline: "flights",
      batch: 7,
      tables: {
        airport_delays: { rows: 2, inserted: 2, updated: 0, deleted: 0 },
      },
      link: "/api/batches/flights/7",
    },
  });
});

test("a table has a link where a sink of the batch serves it, and none where only the event tells of it", async () => {
  const { world, sent } = aWorldOf(SETTINGS);
  const tables = ["airport_delays", "routes"];
  const served = aDefinition({
    sinks: {
      store: { kind: "cosmos", tables: ["routes"], settings: {} },
      morning: { kind: "notify", tables, settings: {} },
    },
  });
  sealBatch(world, 7, { definition: served });
  expect(await send(world)).toEqual({ kind: "done" });
  const event = JSON.parse(sent[0]?.body ?? "") as BatchDelivered;
  expect(event.data.tables["routes"]).toEqual({
    ...{ rows: 0, inserted: 0, updated: 0, deleted: 0 },
    link: "/api/insights/flights/routes",
  });
  expect(event.data.tables["airport_delays"]).not.toHaveProperty("link");
});

test("its signature is one that the library of Standard Webhooks verifies, and no other body has it", async () => {
  const { world, sent } = aWorldOf(SETTINGS);
  await send(world);
  const [{ headers, body } = { headers: {}, body: "" }] = sent;
  const webhook = new Webhook(SECRET);
  expect(webhook.verify(body, { ...headers })).toMatchObject({
    data: { batch: 7 },
  });
  expect(() => webhook.verify(`${body} `, { ...headers })).toThrow();
  expect(() =>
    new Webhook("whsec_b3RoZXJvdGhlcm90aGVyb3RoZXI=").verify(body, {
      ...headers,
    }),
  ).toThrow();
});

test("while a secret is exchanged, whoever knows the old one or the new one verifies the event", async () => {
  const next = "whsec_bmV4dHNlY3JldG5leHRzZWNyZXRuZXh0c2VjcmV0";
  const { world, sent } = aWorldOf({
    ...SETTINGS,
    NOTIFY_FLIGHTS_MORNING_SECRET: `${next}  ${SECRET}`,
  });
  expect(await send(world)).toEqual({ kind: "done" });
  const [{ headers, body } = { headers: {}, body: "" }] = sent;
  for (const secret of [SECRET, next])
    expect(new Webhook(secret).verify(body, { ...headers })).toMatchObject({
      data: { batch: 7 },
    });
  expect(() =>
    new Webhook("whsec_b3RoZXJvdGhlcm90aGVyb3RoZXI=").verify(body, {
      ...headers,
    }),
  ).toThrow();
  const { "webhook-signature": signatures } = { ...headers };
  expect(signatures).toMatch(/^v1,[^ ]+ v1,[^ ]+$/);
});

test("sent again, it is the same event", async () => {
  const { world, sent } = aWorldOf(SETTINGS);
  await send(world);
  await send(world);
  expect(sent).toHaveLength(2);
  expect(sent[1]?.body).toBe(sent[0]?.body);
  expect(sent[1]?.headers["webhook-id"]).toBe(sent[0]?.headers["webhook-id"]);
});

test.each([[301], [404], [410], [500]])(
  "an answer of %i is a failure of the receiver",
  async (status) => {
    const { world } = aWorldOf(SETTINGS, status);
    expect(await send(world)).toMatchObject({
      kind: "failed",
      failure: { code: "RECEIVER_REFUSED", fault: "theirs" },
    });
  },
);

test.each<[Record<string, string>, string]>([
  [{}, "NOTIFY_FLIGHTS_MORNING_URL is not set."],
  [
    { NOTIFY_FLIGHTS_MORNING_URL: SETTINGS.NOTIFY_FLIGHTS_MORNING_URL },
    "NOTIFY_FLIGHTS_MORNING_SECRET is not set.",
  ],
  [
    { ...SETTINGS, NOTIFY_FLIGHTS_MORNING_URL: "http://receiver.example" },
    "NOTIFY_FLIGHTS_MORNING_URL is no https address.",
  ],
  [
    { ...SETTINGS, NOTIFY_FLIGHTS_MORNING_SECRET: "secret" },
    "NOTIFY_FLIGHTS_MORNING_SECRET is no whsec_ secret of 24 bytes or more.",
  ],
  [
    { ...SETTINGS, NOTIFY_FLIGHTS_MORNING_SECRET: `x${SECRET}` },
    "NOTIFY_FLIGHTS_MORNING_SECRET is no whsec_ secret of 24 bytes or more.",
  ],
  [
    { ...SETTINGS, NOTIFY_FLIGHTS_MORNING_SECRET: `${SECRET}!` },
    "NOTIFY_FLIGHTS_MORNING_SECRET is no whsec_ secret of 24 bytes or more.",
  ],
  [
    { ...SETTINGS, NOTIFY_FLIGHTS_MORNING_SECRET: `${SECRET} whsec_A` },
    "NOTIFY_FLIGHTS_MORNING_SECRET is no whsec_ secret of 24 bytes or more.",
  ],
  [
    { ...SETTINGS, NOTIFY_FLIGHTS_MORNING_SECRET: "whsec_A" },
    "NOTIFY_FLIGHTS_MORNING_SECRET is no whsec_ secret of 24 bytes or more.",
  ],
  [
    { ...SETTINGS, NOTIFY_FLIGHTS_MORNING_SECRET: "whsec_c2hvcnQ=" },
    "NOTIFY_FLIGHTS_MORNING_SECRET is no whsec_ secret of 24 bytes or more.",
  ],
])(
  "settings %j: nothing is sent, and the message names what is wrong",
  async (settings, message) => {
    const { world, sent } = aWorldOf(settings);
    expect(await send(world)).toEqual({
      kind: "failed",
      failure: { code: "SINK_SETTING_WRONG", message, fault: "ours" },
    });
    expect(sent).toEqual([]);
  },
);

test("an error of the connection says its code and nothing of the request", async () => {
  const { world } = aWorldOf(SETTINGS);
  world.webhooks.post = () =>
    Promise.reject(
      new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } }),
    );
  expect(await send(world)).toMatchObject({
    failure: {
      code: "SINK_UNREACHABLE",
      message: "The sink's service did not answer: ECONNREFUSED.",
    },
  });
});

test("sinks of two pipelines have settings of their own, whatever their names", () => {
  const sink = definition.sinks["morning"];
  expect(sink && notify.provision("trains", "morning", sink)).toEqual({
    settings: ["NOTIFY_TRAINS_MORNING_URL", "NOTIFY_TRAINS_MORNING_SECRET"],
  });
});

test("packaging is told which settings the sink reads", () => {
  const sink = definition.sinks["morning"];
  expect(sink && notify.provision("flights", "morning", sink)).toEqual({
    settings: ["NOTIFY_FLIGHTS_MORNING_URL", "NOTIFY_FLIGHTS_MORNING_SECRET"],
  });
});

test("an error says the code of its cause, else its own, else its name", async () => {
  const { world } = aWorldOf(SETTINGS);
  const told = async (error: Error): Promise<unknown> => {
    world.webhooks.post = () => Promise.reject(error);
    return send(world);
  };
  for (const [error, shown] of [
    [Object.assign(new Error("no"), { code: "EPIPE" }), "EPIPE"],
    [new RangeError("no"), "RangeError"],
    [new TypeError("no", { cause: {} }), "TypeError"],
  ] as const)
    expect(await told(error)).toEqual({
      kind: "failed",
      failure: {
        code: "SINK_UNREACHABLE",
        message: `The sink's service did not answer: ${shown}.`,
        fault: "theirs",
      },
    });
});

test("an event has its type, its time and nothing but its batch", async () => {
  const { world, sent } = aWorldOf(SETTINGS);
  await send(world);
  const [{ headers, body } = { headers: {}, body: "" }] = sent;
  expect(JSON.parse(body)).toEqual({
    specversion: "1.0",
    id: `${INCARNATION}/7/morning`,
    source: "/pipelines/flights",
    type: "assay.batch.delivered",
    datacontenttype: "application/json",
    data: {
      ...{ pipeline: "flights", batch: 7, link: "/api/batches/flights/7" },
      tables: {
        airport_delays: { rows: 2, inserted: 2, updated: 0, deleted: 0 },
      },
    },
  });
  expect(headers).toEqual({
    "content-type": "application/cloudevents+json; charset=utf-8",
    "webhook-id": `${INCARNATION}/7/morning`,
    "webhook-timestamp": String(Math.floor(world.now() / 1000)),
    "webhook-signature": expect.stringMatching(/^v1,/) as unknown,
  });
});

test.each([
  [199, "failed"],
  [200, "done"],
  [299, "done"],
  [300, "failed"],
])("an answer of %i is %s", async (status, kind) => {
  const { world } = aWorldOf(SETTINGS, status);
  expect(await send(world)).toMatchObject({ kind });
});

test("a secret with spaces around it is that secret", async () => {
  const { world, sent } = aWorldOf({
    ...SETTINGS,
    NOTIFY_FLIGHTS_MORNING_SECRET: ` ${SECRET}\n`,
  });
  expect(await send(world)).toEqual({ kind: "done" });
  const [{ headers, body } = { headers: {}, body: "" }] = sent;
  expect(() => new Webhook(SECRET).verify(body, { ...headers })).not.toThrow();
});
