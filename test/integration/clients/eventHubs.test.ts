import { jest } from "@jest/globals";
import { operations } from "../../../local/src/services/eventHubs/operations/index.ts";
import { sharedKey } from "../../../local/src/shared/keys.ts";
import { runClients, type Outcomes } from "../../support/clients.ts";
import { expectCoverage, Witnesses } from "../../support/coverage.ts";
import {
  startEventHubs,
  type LocalEventHubs,
} from "../../support/eventHubs.ts";
import { logInPlainly, useEventHubsFromJavaScript } from "./eventHubs.ts";

jest.setTimeout(60_000);

const witnesses = new Witnesses();
let hubs: LocalEventHubs;
let python: Outcomes;

beforeAll(async () => {
  hubs = await startEventHubs({ witness: witnesses.record });
  const { token } = (await hubs
    .credential()
    .getToken("https://eventhubs.azure.net/.default")) ?? { token: "" };
  witnesses.unnamed = "Python";
  python = await runClients("event_hubs.py", {
    EVENT_HUBS_ENDPOINT: `sb://127.0.0.1:${hubs.port}`,
    EVENT_HUBS_CONNECTION: hubs.connectionString,
    EVENT_HUBS_TOKEN: token,
  });
  witnesses.unnamed = "no SDK";
  await useEventHubsFromJavaScript(hubs);
});
afterAll(() => hubs.stop());

it("Python reads what a hub and a partition are", () => {
  expect(python.value("read_hub")).toEqual({
    name: "flights",
    partitions: ["0", "1"],
  });
  expect(python.value("read_partition")).toEqual({ last: 3, isEmpty: false });
});

it("what Python sends, it receives: bodies, parts and properties", () => {
  expect(python.value("send")).toBe(3);
  const hex = (text: string): string => Buffer.from(text).toString("hex");
  const plain = { type: null, properties: {} };
  expect(python.value("receive_from_the_beginning")).toEqual([
    {
      sequence: 0,
      body: hex("text"),
      type: "text/plain",
      properties: { number: 7, flag: true },
    },
    { sequence: 1, body: "ff00", ...plain },
    { sequence: 2, body: hex("in parts"), ...plain },
    { sequence: 3, body: hex("alone"), ...plain },
  ]);
});

it("Python reads on behind a sequence number, as an owner", () => {
  expect(python.value("receive_from_a_sequence_number_as_an_owner")).toEqual([
    2, 3,
  ]);
});

it("Python's events of one key lie in one partition", () => {
  expect(python.value("send_by_key")).toEqual([-1, 5]);
});

it("bodies that are values and sequences arrive as they were sent", () => {
  expect(python.value("send_value_and_sequence_bodies")).toEqual([
    "value",
    "sequence",
  ]);
});

it("Python logs in with a bearer token", () => {
  expect(python.value("log_in_with_a_token")).toEqual(["0", "1"]);
});

it("Python hears why it is refused", () => {
  expect(python.refusal("receive_for_an_unknown_group").message).toContain(
    "could not be found",
  );
  expect(python.refusal("send_more_than_fits").message).toContain(
    "exceeds the limit (1048576 bytes)",
  );
  // Of a refused token Python tells no more than that.
  for (const step of ["ask_an_unknown_hub", "send_with_a_wrong_key"])
    expect(python.refusal(step).type).toBe("AuthenticationError");
});

it("a client that knows SASL PLAIN only logs in with the rule's key, and with no other", async () => {
  await logInPlainly(hubs, sharedKey(hubs.stateDir));
  await expect(logInPlainly(hubs, "another")).rejects.toThrow(
    "Failed to authenticate",
  );
});

it("COVERAGE.md says of each operation who has seen it work, and no for everything else", () =>
  expectCoverage({
    service: "eventHubs",
    witnesses,
    done: [...Object.keys(operations), "saslPlain"],
  }));
