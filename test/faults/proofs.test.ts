import { removeState, runScript, temporaryState } from "../support/assay.ts";

const stateDir = temporaryState();
afterAll(() => removeState(stateDir));

/** The short form: all that the whole one does, but for Spark and a day. */
test("while Cosmos refuses and everything is killed, one sink goes on, one waits, and nothing is lost", async () => {
  const proof = runScript("bench/prove.ts", ["sinks", "--short", "--json"], {
    stateDir,
  });
  const code = await proof.ended;
  const line = proof.output().trimEnd().split("\n").at(-1) ?? "";
  expect(line).toMatch(/^\{/);
  expect(JSON.parse(line)).toMatchObject({
    ...{ name: "sinks", pass: true, batches: 6, kills: 2 },
    ...{ lost: 0, doubled: 0, early: 0 },
  });
  expect(code).toBe(0);
}, 240_000);

/** The short form leaves out what needs sources of its own: other formats, options, splits and keys. */
test("what people send and drop is taken as it is, or refused with its place and reason, and nothing stands still", async () => {
  const proof = runScript("bench/prove.ts", ["inputs", "--short", "--json"], {
    stateDir,
  });
  const code = await proof.ended;
  const line = proof.output().trimEnd().split("\n").at(-1) ?? "";
  expect(line).toMatch(/^\{/);
  expect(JSON.parse(line)).toMatchObject({ name: "inputs", pass: true });
  expect(code).toBe(0);
}, 240_000);

/** Bytes and memory are judged at full size only: in a tenth of a day a batch's fixed share is a large one. */
test("what looks, plans, sweeps and health cost does not grow with what lies in the lake", async () => {
  const proof = runScript("bench/prove.ts", ["scale", "--short", "--json"], {
    stateDir,
  });
  const code = await proof.ended;
  const line = proof.output().trimEnd().split("\n").at(-1) ?? "";
  expect(line).toMatch(/^\{/);
  expect(code).toBe(0);
  const figures = JSON.parse(line) as Readonly<Record<string, number>>;
  const of = (name: string): number => figures[name] ?? Infinity;
  for (const name of [
    "day.entriesPerFile",
    "day.callsPerBatch",
    "backlog.calls",
    "backlog.entries",
    "blocked.calls",
    "dropped.callsPerFile",
    "dropped.entriesPerFile",
  ])
    expect(of(name)).toBeLessThanOrEqual(1.1 * of(`${name}.tenth`));
  expect(of("day.entriesPerFile")).toBeLessThan(1.2);
  expect(of("blocked.entries")).toBe(0);
}, 240_000);
