import { createDeliveries } from "../../../src/adapters/deliveries/index.ts";

const startWith = (startNew: () => Promise<string>) =>
  createDeliveries().start({ startNew }, "flights", "cosmos");

test("a delivery has one instance for each pipeline and sink", async () => {
  const calls: unknown[] = [];
  const outcome = await createDeliveries().start(
    {
      startNew: (...parameters) => {
        calls.push(parameters);
        return Promise.resolve("id");
      },
    },
    "flights",
    "cosmos",
  );
  expect(outcome).toEqual({ outcome: "started" });
  expect(calls).toEqual([
    [
      "deliver",
      {
        instanceId: "deliver-flights-cosmos",
        input: { pipeline: "flights", sink: "cosmos" },
      },
    ],
  ]);
});

test.each([
  [
    "An Orchestration instance with the status Running already exists.",
    "running",
  ],
  ["Request failed with status code 409", "running"],
  ["connect ECONNREFUSED 127.0.0.1:7071", "failed"],
])(
  "what the extension says (%s) is an outcome, never an error",
  async (text, outcome) => {
    expect(await startWith(() => Promise.reject(new Error(text)))).toEqual({
      outcome,
      message: text,
    });
  },
);
