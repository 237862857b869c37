import { createServer } from "node:net";
import { close, listen } from "../../local/src/shared/listen.ts";
import {
  descendants,
  isAlive,
  removeState,
  startAssay,
  temporaryState,
  until,
} from "../support/assay.ts";

const stateDir = temporaryState();
afterAll(() => removeState(stateDir));

test("children end when only their parent is killed", async () => {
  const assay = startAssay({ stateDir });
  await assay.says("Assay is up");
  const [parent = 0, ...children] = descendants(assay.process.pid ?? 0);
  expect(children.length).toBeGreaterThanOrEqual(3);
  process.kill(parent, "SIGKILL");
  await until(() => !children.some(isAlive), "every child to end", 30_000);
}, 120_000);

test("a second start on the same state is refused in a sentence, and the first goes on", async () => {
  const first = startAssay({ stateDir });
  await first.says("Assay is up");
  const second = startAssay({ stateDir });
  expect(await second.ended).toBe(1);
  expect(second.output().trim()).toMatch(
    /^Assay already runs on .* stop it with Ctrl-C first\.$/,
  );
  expect(isAlive(first.process.pid ?? 0)).toBe(true);
  first.process.kill("SIGINT");
  expect(await first.ended).toBe(130);
}, 120_000);

test("a port that is taken is named, with what to do", async () => {
  const squatter = createServer();
  const port = await listen(squatter, 0);
  const assay = startAssay({ stateDir, args: ["--port", String(port)] });
  expect(await assay.ended).toBe(1);
  expect(assay.output().trim()).toMatch(
    new RegExp(
      `^Port ${port} on 127\\.0\\.0\\.1 is in use by another program\\..*$`,
    ),
  );
  await close(squatter);
}, 60_000);

test("an option that is not there is answered with those that are", async () => {
  const assay = startAssay({ stateDir, args: ["--onse"] });
  expect(await assay.ended).toBe(2);
  expect(assay.output()).toContain(
    "Usage: npm start -- [--once] [--reset] [--port 7071]",
  );
  expect(assay.output()).not.toContain("    at ");
}, 30_000);
