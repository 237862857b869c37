import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadPipelines } from "../../../src/pipelines/load.ts";
import { triggers } from "../../../src/sources/hub/trigger.ts";
import { aBatch } from "../../support/app/events.ts";
import { aDefinition, aWorld } from "../../support/app/world.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pipelines-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (name: string, document: unknown): void => {
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(document));
};

/** The hubs that have a function, and whose watchers it starts. */
const hubs = () => triggers(loadPipelines(folder)).map(({ name }) => name);

test("a broken pipeline is disabled, and its hub is landed all the same", () => {
  write("flights", aDefinition());
  const trains = aDefinition({
    pipeline: "trains",
    sources: {
      t: {
        kind: "hub",
        input: "stream",
        stream: "hub/trains",
        hub: "trains",
        consumerGroup: "assay",
        contiguous: true,
        contract: {},
      },
    },
  });
  write("trains", { ...trains, goldOrder: [] });
  writeFileSync(join(folder, "ships.json"), "{");
  writeFileSync(join(folder, "boats.json"), "null");
  const { definitions, disabled } = loadPipelines(folder);
  expect([...definitions.keys()]).toEqual(["flights"]);
  expect([...disabled.keys()]).toEqual(["boats", "ships", "trains"]);
  expect(disabled.get("trains")).toBe("its digest is not that of its content");
  expect(hubs()).toEqual(["ingestEvents-flights", "ingestEvents-trains"]);
});

test("a hub is landed once for all pipelines that read it, and starts the watcher of each", async () => {
  write("flights", aDefinition());
  write("airlines", aDefinition({ pipeline: "airlines" }));
  const [ingestEvents, ...others] = triggers(loadPipelines(folder));
  expect(others).toEqual([]);
  const { bodies, metadata } = aBatch(0, 9);
  expect(
    await ingestEvents?.take(aWorld(), { input: bodies, metadata }),
  ).toEqual(["airlines", "flights"]);
});

test("a definition under another's name is disabled", () => {
  write("trains", aDefinition());
  expect(loadPipelines(folder).disabled.get("trains")).toBe(
    "it is the definition of flights",
  );
});

test("what packaging wrote is read, whatever the order of its keys", () => {
  const definition = aDefinition();
  write("flights", Object.fromEntries(Object.entries(definition).reverse()));
  expect(loadPipelines(folder).definitions.get("flights")).toEqual(definition);
});

test("a definition of another version of the app is disabled", () => {
  write("flights", { ...aDefinition(), version: 1 });
  expect(loadPipelines(folder).disabled.get("flights")).toBe(
    "version 1 is not known",
  );
});
