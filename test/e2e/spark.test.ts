import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeState, startAssay, temporaryState } from "../support/assay.ts";

const stateDir = temporaryState();
const { JAVA_HOME } = process.env;
afterAll(() => {
  if (JAVA_HOME === undefined) delete process.env["JAVA_HOME"];
  else process.env["JAVA_HOME"] = JAVA_HOME;
  removeState(stateDir);
});

test("Spark that does not start ends the start, with the last lines of its log", async () => {
  const java = join(stateDir, "tools", "java", "bin", "java");
  mkdirSync(join(java, ".."), { recursive: true });
  writeFileSync(
    java,
    "#!/bin/sh\necho There is no room for a heap today.\nexit 1\n",
  );
  chmodSync(java, 0o755);
  process.env["JAVA_HOME"] = join(stateDir, "tools", "java");
  const assay = startAssay({ stateDir });
  expect(await assay.ended).toBe(1);
  expect(assay.output()).toContain(
    "Spark does not start: Spark ended at its start",
  );
  expect(assay.output()).toContain("  There is no room for a heap today.\n");
  expect(assay.output()).not.toMatch(/^ +at /m);
}, 90_000);
