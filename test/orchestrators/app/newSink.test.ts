import type { OrchestrationContext } from "durable-functions";
import { tasksOf } from "../../../src/durable.ts";
import { sinkKinds } from "../../../src/sinks/index.ts";
import type { Delivery, SinkKind } from "../../../src/sinks/kind.ts";
import { deliverParts } from "../../../src/sinks/deliverParts.ts";
import type { Effect } from "../../../src/sinks/effects.ts";
import {
  aRow,
  beginHead,
  deliverOver,
  deliverToTheEnd,
  headOf,
  sealBatch,
} from "../../support/app/delivering.ts";
import { aDefinition, aWorld } from "../../support/app/world.ts";
import type { DurableBench } from "../../support/durable.ts";

let bench: DurableBench;
afterEach(() => bench.close());

interface CopyPart {
  readonly path: string;
}

/** Copies each part, byte by byte. All that a kind of sink is: one folder in the app, here one constant. */
const copy: SinkKind = {
  name: "copy",
  settings: (z) => ({ folder: z.string() }),
  provision: () => ({ settings: ["COPY_FOLDER"] }),
  createActivities: ({ lake }) => ({
    copyPart: async ({ path }: CopyPart): Promise<Effect> => {
      const { text = "" } = (await lake.read(path)) ?? {};
      await lake.replace(`copies/${path.split("/").at(-1) ?? ""}`, text);
      return { kind: "done" };
    },
  }),
  *deliver(context: OrchestrationContext, delivery: Delivery) {
    const { copyPart } = tasksOf<{
      copyPart: (ask: CopyPart) => Promise<Effect>;
    }>(context);
    return yield* deliverParts(
      context,
      delivery,
      ({ path }) => copyPart({ path }),
      { notesAll: false },
    );
  },
};

test("a new kind of sink is one entry of the table, and delivers with what all kinds share", async () => {
  const world = aWorld();
  bench = deliverOver(world, { kinds: { ...sinkKinds, copy } });
  beginHead(world, "copy");
  sealBatch(world, 1, {
    definition: aDefinition({
      sinks: { copy: { kind: "copy", tables: ["routes"], settings: {} } },
    }),
    parts: { routes: [[aRow("a")], [aRow("b"), aRow("c")]] },
  });
  expect(await deliverToTheEnd(world, bench, "copy")).toBe("idle");
  const lines = [...world.lake.files]
    .filter(([path]) => path.startsWith("copies/"))
    .map(([, { content }]) => content.toString().trim().split("\n").length);
  expect(lines).toEqual([1, 2]);
  expect(headOf(world, "copy")).toMatchObject({
    nextBatch: 2,
    deliveredParts: 0,
  });
});
