import { describeBatch } from "../../../src/serve/batches.ts";
import { readSinks } from "../../../src/serve/sinks.ts";
import { findDueSinks } from "../../../src/sinks/findDueSinks.ts";
import { sinkKinds } from "../../../src/sinks/index.ts";
import { prepareDelivery } from "../../../src/sinks/prepareDelivery.ts";
import { beginHead, sealBatch } from "../../support/app/delivering.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  START,
} from "../../support/app/world.ts";

const cosmos = { kind: "cosmos", tables: ["routes"], settings: {} };
const notify = { kind: "notify", tables: ["routes"], settings: {} };
const later = { ...notify, after: "cosmos" };
const both = aDefinition({ sinks: { cosmos, later } });
const alone = aDefinition({ digest: "f".repeat(64), sinks: { later } });
const retiredAt = new Date(START).toISOString();

/** How the sink that is declared after another stands with batch 1, as each of those sees it who ask. */
async function lookAt(
  definition: typeof both,
  earlier: Parameters<typeof beginHead>[2] | undefined,
) {
  const world = aWorld({ pipelines: pipelinesOf(both) });
  if (earlier) beginHead(world, "cosmos", earlier);
  beginHead(world, "later", { kind: "notify" });
  sealBatch(world, 1, { definition });
  const due = await findDueSinks(world, "flights");
  const sinks = await readSinks(world, both);
  const { sinks: ofBatch } = await describeBatch(world, "flights", 1);
  const prepared = await prepareDelivery(world, sinkKinds, {
    ...{ pipeline: "flights", sink: "later" },
    at: retiredAt,
  });
  return {
    sweep: due.includes("later") ? "delivers" : "waits",
    delivery: prepared.kind === "waiting" ? "waits" : "delivers",
    sink: sinks["later"]?.state === "waiting" ? "waits" : "delivers",
    batch: ofBatch?.["later"] === "waiting" ? "waits" : "delivers",
  };
}

test.each([
  ["the batch is not delivered", both, { nextBatch: 1 }, "waits"],
  ["some of its parts are", both, { deliveredParts: 3 }, "waits"],
  [
    "it is retired, and the batch names it",
    both,
    { nextBatch: 1, retiredAt },
    "waits",
  ],
  ["the batch is delivered", both, { nextBatch: 2 }, "delivers"],
  ["the batch does not name it", alone, { nextBatch: 1 }, "delivers"],
  ["it has no head yet", both, undefined, "delivers"],
] as const)(
  "whether a sink waits for the one before it is answered alike by all: %s",
  async (_, definition, earlier, expected) => {
    expect(await lookAt(definition, earlier)).toEqual({
      ...{ sweep: expected, delivery: expected },
      ...{ sink: expected, batch: expected },
    });
  },
);
