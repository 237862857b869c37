import fc from "fast-check";
import {
  assignmentPath,
  batchPaths,
  bronzeEventsPath,
  bucketFolder,
  bucketOf,
  definitionPath,
  firstNameWith,
  incarnationPath,
  inputStatusPath,
  landingFolder,
  landingPathOf,
  MAX_FILE_EVENTS,
  nameOfFirst,
  parseLandingPath,
  partitionFolder,
  pendingFolder,
  pendingPath,
  rangeOfPath,
  requestPath,
  requestsFolder,
  setAsideFilePath,
  setAsideFolder,
  setAsidePath,
  sinkPaths,
  sinksFolder,
  streamOf,
  streamPath,
  streamsFolder,
  sweepReportPath,
} from "../../../src/domain/paths.ts";

/** What a state folder holds is read by every later version: these texts are a format. */
test("the documents of a pipeline lie where every later version looks for them", () => {
  const folder = "_assay/pipelines/p";
  expect(incarnationPath("p")).toBe(`${folder}/incarnation.json`);
  expect(pendingFolder("p")).toBe(`${folder}/files/pending`);
  expect(pendingPath("p", "1f")).toBe(`${folder}/files/pending/1f.json`);
  expect(assignmentPath("p", "1f")).toBe(`${folder}/files/planned/1f.json`);
  expect(setAsideFolder("p")).toBe(`${folder}/files/setAside`);
  expect(setAsidePath("p", "1f")).toBe(`${folder}/files/setAside/1f.json`);
  expect(inputStatusPath("p")).toBe(`${folder}/input.json`);
  expect(sweepReportPath("p")).toBe(`${folder}/sweep.json`);
  expect(requestsFolder("p")).toBe(`${folder}/requests`);
  expect(requestPath("p", "r")).toBe(`${folder}/requests/r.json`);
  expect(sinksFolder("p")).toBe(`${folder}/sinks`);
  const { refusedOf, ...sink } = sinkPaths("p", "s");
  expect(sink).toEqual({
    head: `${folder}/sinks/s/head.json`,
    refused: `${folder}/sinks/s/refused`,
  });
  expect(refusedOf("t", "a1")).toBe(`${folder}/sinks/s/refused/t/a1.json`);
});

test("the documents of a batch lie where every later version looks for them", () => {
  const folder = "_assay/pipelines/p/batches/0000000012";
  const { attempt, failure, ...documents } = batchPaths("p", 12);
  expect(documents).toEqual({
    manifest: `${folder}/manifest.json`,
    definition: `${folder}/definition.json`,
    attempts: `${folder}/attempts`,
    work: `${folder}/work`,
    silver: `${folder}/silver.json`,
    process: `${folder}/process.json`,
    skipped: `${folder}/skipped.json`,
    blocked: `${folder}/blocked.json`,
  });
  expect(attempt(3)).toBe(`${folder}/attempts/3.json`);
  expect(failure(3)).toBe(`${folder}/failures/3.json`);
});

test("streams, definitions, drops and empty files lie where every later version looks for them", () => {
  expect(streamOf("hub", "flights")).toBe("hub/flights");
  expect(streamsFolder("hub", "h")).toBe("_assay/streams/hub/h");
  expect(streamPath("hub", "h", "0a")).toBe("_assay/streams/hub/h/0a.json");
  expect(definitionPath("p", "d")).toBe("_assay/definitions/p/d.json");
  expect(landingFolder("airports")).toBe("landing/airports");
  expect(setAsideFilePath("airports", "1f", "x/y.csv")).toBe(
    "bronze/setAside/airports/1f/x~2Fy.csv",
  );
});

const STREAM = { stream: "hub/a/b", generation: "0a", partition: "7" };

test("the kind of a stream is no part of its bronze, and the rest of its name is", () => {
  expect(partitionFolder(STREAM)).toBe("bronze/events/a/b/0a/7");
  expect(bucketFolder(STREAM, 3)).toBe("bronze/events/a/b/0a/7/00000003");
});

test("a bucket ends before the sequence number that fills it", () => {
  expect([0, 2 ** 20 - 1, 2 ** 20].map(bucketOf)).toEqual([0, 0, 1]);
});

test("a file that holds an event begins at or behind the first name with it, and one before that is too short", () => {
  const sequence = fc.nat(2 ** 40);
  const names = (first: number, last: number): string =>
    bronzeEventsPath(STREAM, first, last).slice(
      partitionFolder(STREAM).length + 1,
    );
  fc.assert(
    fc.property(sequence, fc.nat(MAX_FILE_EVENTS - 1), (first, more) => {
      expect(names(first, first + more) >= nameOfFirst(first)).toBe(true);
      expect(names(first, first) >= firstNameWith(first + more)).toBe(true);
    }),
  );
  expect(nameOfFirst(2 ** 20)).toBe("00000001/00000000000001048576");
  expect(firstNameWith(MAX_FILE_EVENTS)).toBe(nameOfFirst(1));
  expect(firstNameWith(MAX_FILE_EVENTS - 1)).toBe(nameOfFirst(0));
  expect(firstNameWith(0)).toBe(nameOfFirst(0));
});

test("a range is read from a whole name of bronze only", () => {
  const [first, last] = ["0".repeat(20), "1".padStart(20, "0")];
  expect(rangeOfPath(`x/${first}-${last}.avro`)).toEqual({ first: 0, last: 1 });
  for (const name of [
    `x/${first}-${last}.avro.part`,
    `x/9${first}-${last}.avro`,
    `x/${first}-${last}0.avro`,
    `x/${first.slice(1)}-${last}.avro`,
    `x/${first}-${last.slice(1)}.avro`,
    `x/${first}-${last}_avro`,
    `x/a${first.slice(1)}-${last}.avro`,
    `x/${first}-a${last.slice(1)}.avro`,
  ])
    expect(rangeOfPath(name)).toBeUndefined();
});

test("a claimed file tells where it was dropped, and no other path does", () => {
  const name = "2024/a b.csv";
  const path = "bronze/files/airports/1f/2024~2Fa~20b.csv";
  expect(landingPathOf({ path, name })).toBe("landing/airports/2024/a b.csv");
  for (const other of [
    `x/${path}`,
    "bronze/files/airports",
    "bronze/files//1f/a",
  ])
    expect(landingPathOf({ path: other, name })).toBeUndefined();
});

test("a drop is in a folder of landing, and nothing else is a drop", () => {
  expect(parseLandingPath("landing/a/b")).toEqual({ folder: "a", name: "b" });
  for (const path of ["x/landing/a/b", "landing//b", "landing/a/", "landing/a"])
    expect(parseLandingPath(path)).toBeUndefined();
});
