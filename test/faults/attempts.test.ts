import { removeState, runScript, temporaryState } from "../support/assay.ts";

const stateDir = temporaryState();
afterAll(() => removeState(stateDir));

/** The short form: a few of the combinations, none with Spark. */
test("two attempts of one batch end as one", async () => {
  const proof = runScript("bench/prove.ts", ["attempts", "--short", "--json"], {
    stateDir,
  });
  const code = await proof.ended;
  const line = proof.output().trimEnd().split("\n").at(-1) ?? "";
  expect(line).toMatch(/^\{/);
  expect(JSON.parse(line)).toMatchObject({
    ...{ name: "attempts", pass: true, real: 0, differences: 0 },
  });
  expect(JSON.parse(line)).toHaveProperty("combinations");
  expect(code).toBe(0);
}, 120_000);
