import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { projectDir } from "../../local/src/platform/folders.ts";
import { close, listen } from "../../local/src/shared/listen.ts";
import {
  descendants,
  isAlive,
  removeState,
  runScript,
  startAssay,
  temporaryState,
  until,
} from "../support/assay.ts";

const stateDir = temporaryState();
afterAll(() => removeState(stateDir));

const START = ["start", "--port", "0"];

/** The last line of the host's log: what it says when it has ended in order. */
const lastEntries = (): string[] =>
  readFileSync(join(stateDir, "logs", "functions.log"), "utf8")
    .trimEnd()
    .split("\n")
    .slice(-1)
    .map((line) => (JSON.parse(line) as { event: string }).event);

test("children end when only their parent is killed", async () => {
  const assay = startAssay({ stateDir });
  await assay.says("Assay is up");
  const [parent = 0, ...children] = descendants(assay.process.pid ?? 0);
  expect(children.length).toBeGreaterThanOrEqual(3);
  process.kill(parent, "SIGKILL");
  await until(() => !children.some(isAlive), "every child to end", 30_000);
}, 120_000);

test.each(["SIGTERM", "SIGHUP"] as const)(
  "%s to the door of npm start ends the host, the services and Spark before it",
  async (signal) => {
    const assay = runScript("scripts/assay.mjs", START, { stateDir });
    await assay.says("Assay is up");
    const pids = descendants(assay.process.pid ?? 0);
    expect(pids.length).toBeGreaterThanOrEqual(5);
    assay.process.kill(signal);
    expect(await assay.ended).toBe(143);
    expect(assay.output()).toContain("Stopping …");
    // Spark's server outlives a service that was killed: it has ended in order, with the one that started it.
    await until(() => !pids.some(isAlive), "every process to end", 10_000);
    expect(lastEntries()).toEqual(["host.stopped"]);
  },
  180_000,
);

test("a shell that is killed between npm and us takes everything with it", async () => {
  const { NODE_EXTRA_CA_CERTS = "" } = process.env;
  const shell = spawn(
    "sh",
    // The colon keeps the shell from giving its own process to the last command.
    ["-c", `"$0" "$@"; :`, process.execPath, "scripts/assay.mjs", ...START],
    {
      cwd: projectDir,
      env: { ...process.env, NODE_EXTRA_CA_CERTS, ASSAY_STATE_DIR: stateDir },
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  let output = "";
  shell.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await until(() => output.includes("Assay is up"), "the start", 120_000);
  const [, ...below] = descendants(shell.pid ?? 0);
  expect(below.length).toBeGreaterThanOrEqual(5);
  shell.kill("SIGTERM");
  await until(() => !below.some(isAlive), "every process to end", 40_000);
}, 180_000);

test("a signal while the platform is starting leaves nothing behind", async () => {
  const assay = startAssay({ stateDir });
  await until(
    () => descendants(assay.process.pid ?? 0).length > 1,
    "a first child",
  );
  const seen = new Set(descendants(assay.process.pid ?? 0));
  assay.process.kill("SIGTERM");
  await assay.says("Stopping …");
  for (const pid of descendants(assay.process.pid ?? 0)) seen.add(pid);
  expect(await assay.ended).toBe(143);
  await until(() => ![...seen].some(isAlive), "every process to end", 30_000);
}, 120_000);

test("a state of an earlier version is refused before anything is started, and a reset begins anew", async () => {
  const old = temporaryState();
  try {
    writeFileSync(join(old, "ports.json"), "{}");
    const refused = startAssay({ stateDir: old, args: ["--once"] });
    expect(await refused.ended).toBe(1);
    expect(lastLine(refused.output())).toBe(
      `${old} was made by an earlier version of Assay, whose documents this one does not read: npm start -- --reset begins anew (what is in it goes), or set ASSAY_STATE_DIR to another folder.`,
    );
    expect(existsSync(join(old, "logs"))).toBe(false);
    const again = startAssay({ stateDir: old, args: ["--reset"] });
    await again.says("Assay is up");
    await again.killTree();
  } finally {
    removeState(old);
  }
}, 180_000);

test("a start without the sample sends nothing and says that it is up", async () => {
  const empty = temporaryState();
  const assay = startAssay({ stateDir: empty, args: ["--no-sample"] });
  try {
    await assay.says("Try:");
    expect(assay.output()).toMatch(/events in the hub\s+0/);
    expect(assay.output()).toContain("The books balance.");
  } finally {
    await assay.killTree();
    removeState(empty);
  }
}, 180_000);

test("a second start on the same state is refused in a sentence, and the first goes on", async () => {
  const first = startAssay({ stateDir });
  await first.says("Assay is up");
  const second = startAssay({ stateDir });
  expect(await second.ended).toBe(1);
  expect(lastLine(second.output())).toMatch(
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
  expect(lastLine(assay.output())).toMatch(
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
    "Usage: npm start -- [--once] [--reset] [--no-sample] [--port 7071]",
  );
  expect(assay.output()).not.toContain("    at ");
}, 30_000);

/** What ends a start stands behind the stages that it has come through. */
const lastLine = (output: string): string =>
  output.trim().split("\n").at(-1) ?? "";
