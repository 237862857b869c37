import { definitionPath } from "../../../src/domain/paths.ts";
import {
  needDefinition,
  readDefinition,
  storeDefinition,
} from "../../../src/ledger/definitions.ts";
import { aDefinition, aWorld, pipelinesOf } from "../../support/app/world.ts";

const definition = aDefinition();
const other = aDefinition({ goldOrder: [] });
const path = definitionPath("flights", definition.digest);

test("a pipeline is of the package, broken with its mistake, or unknown", () => {
  const pipelines = {
    ...pipelinesOf(definition),
    disabled: new Map([["trains", "line 3"]]),
  };
  expect(needDefinition(pipelines, "flights")).toBe(definition);
  expect(() => needDefinition(pipelines, "trains")).toThrow(
    expect.objectContaining({
      code: "DEFINITION_BROKEN",
      message: expect.stringContaining("trains: line 3") as string,
    }) as Error,
  );
  expect(() => needDefinition(pipelines, "ships")).toThrow(
    expect.objectContaining({
      code: "PIPELINE_UNKNOWN",
      message: expect.stringContaining("ships") as string,
    }) as Error,
  );
});

test("a definition is stored once a process, and one that is there already stays", async () => {
  const world = aWorld({ pipelines: pipelinesOf(definition) });
  const creations = () => world.lake.counts.get("createOnce");
  await storeDefinition(world, definition);
  expect(world.lake.json(path)).toEqual(definition);
  await storeDefinition(world, definition);
  expect(creations()).toBe(1);
  await storeDefinition(world, other);
  expect(creations()).toBe(2);
});

test("the definition of a batch is read from the lake, and once while it is the last that was asked for", async () => {
  const world = aWorld();
  world.lake.put(path, definition);
  world.lake.put(definitionPath("flights", other.digest), other);
  const read = ({ digest }: typeof definition) =>
    readDefinition(world, { pipeline: "flights", definition: digest });
  const reads = () => world.lake.counts.get("read");
  expect(await read(definition)).toEqual(definition);
  expect(await read(definition)).toEqual(definition);
  expect(reads()).toBe(1);
  expect(await read(other)).toEqual(other);
  expect(reads()).toBe(2);
});
