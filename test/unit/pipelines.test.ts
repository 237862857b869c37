import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadPipelines } from "../../src/pipelines/load.ts";
import { aDefinition } from "../support/app/world.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pipelines-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (name: string, document: unknown): void => {
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(document));
};

test("a broken pipeline is set aside, and its hub is landed all the same", () => {
  write("flights", aDefinition());
  const trains = aDefinition({
    pipeline: "trains",
    sources: { t: { kind: "hub", hub: "trains", consumerGroup: "assay" } },
  });
  write("trains", { ...trains, goldOrder: [] });
  writeFileSync(join(folder, "ships.json"), "{");
  const { definitions, setAside, hubs } = loadPipelines(folder);
  expect([...definitions.keys()]).toEqual(["flights"]);
  expect([...setAside.keys()]).toEqual(["ships", "trains"]);
  expect(setAside.get("trains")).toBe("its digest is not that of its content");
  expect(hubs.get("trains")).toEqual({ consumerGroup: "assay", pipelines: [] });
});

test("a hub is landed once for all pipelines that read it", () => {
  write("flights", aDefinition());
  write("airlines", aDefinition({ pipeline: "airlines" }));
  expect(loadPipelines(folder).hubs.get("flights")?.pipelines).toEqual([
    "airlines",
    "flights",
  ]);
});

test("a definition under another's name is set aside", () => {
  write("trains", aDefinition());
  expect(loadPipelines(folder).setAside.get("trains")).toBe(
    "it is the definition of flights",
  );
});

test("what packaging wrote is read, whatever the order of its keys", () => {
  const definition = aDefinition();
  write("flights", Object.fromEntries(Object.entries(definition).reverse()));
  expect(loadPipelines(folder).definitions.get("flights")).toEqual(definition);
});

test("a definition of another version of the app is set aside", () => {
  write("flights", { ...aDefinition(), version: 2 });
  expect(loadPipelines(folder).setAside.get("flights")).toBe(
    "version 2 is not known",
  );
});
