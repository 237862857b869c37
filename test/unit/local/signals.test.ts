import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectDir } from "../../../scripts/setup/paths.mjs";
import { isAlive } from "../../support/assay.ts";
import { until } from "../../support/until.ts";

/** The door as it is, between npm and a verb that only waits: a set-up that is done, or one that takes for ever. */
let dir: string;
const running = new Set<number>();

type Start = readonly [program: string, args: readonly string[]];

function write(path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "assay-signals-"));
  cpSync(join(projectDir, "scripts"), join(dir, "scripts"), {
    recursive: true,
  });
  write(
    "package.json",
    '{"type":"module","scripts":{"start":"node scripts/assay.mjs start"}}',
  );
  write(
    "local/src/cli/verbs/start.ts",
    `export const start = () => {
       for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"])
         process.once(signal, () => process.exit(3));
       console.log("up " + process.pid);
       return new Promise(() => setInterval(() => undefined, 1000));
     };`,
  );
  write(
    "scripts/setup/index.mjs",
    `import { run, SetupError } from "./run.mjs";
     export { SetupError };
     export const setUp = async () => {
       const script = "console.log(process.pid); setInterval(() => 0, 1000)";
       const onLine = (line) => console.log("up " + line);
       if (process.env.SLOW) await run(process.execPath, ["-e", script], { onLine });
       return { node: process.execPath, env: process.env };
     };`,
  );
});
afterEach(() => {
  for (const pid of running) if (isAlive(pid)) process.kill(pid, "SIGKILL");
  running.clear();
  rmSync(dir, { recursive: true });
});

/** The process, and the last one of the chain that it starts. */
async function chain(
  [program, args]: Start,
  env: Readonly<Record<string, string>> = {},
): Promise<{ first: ChildProcess; last: number }> {
  const first = spawn(program, args, {
    cwd: dir,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
    // A group of its own, as a terminal gives one.
    detached: true,
  });
  let output = "";
  first.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await until(() => /^up \d+$/m.test(output), "the verb");
  const last = Number(/^up (\d+)$/m.exec(output)?.[1]);
  running.add(last).add(first.pid ?? 0);
  return { first, last };
}

const npm: Start = ["npm", ["start", "--silent"]];
const door: Start = [process.execPath, ["scripts/assay.mjs", "start"]];

test.each([
  ["npm", "SIGTERM", npm],
  ["npm", "SIGHUP", npm],
  ["npm", "SIGKILL", npm],
  ["the door", "SIGTERM", door],
  ["the door", "SIGHUP", door],
  ["the door", "SIGINT", door],
  ["the door", "SIGKILL", door],
] as const)(
  "when %s gets %s, the verb ends, too",
  async (_, signal, start) => {
    const { first, last } = await chain(start);
    first.kill(signal);
    await until(() => !isAlive(last), "the verb to end");
  },
  20_000,
);

test("Ctrl-C reaches all of them at once", async () => {
  const { first, last } = await chain(npm);
  process.kill(-(first.pid ?? 0), "SIGINT");
  await until(() => !isAlive(last), "the verb to end");
}, 20_000);

test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)(
  "when the door gets %s during the set-up, what the set-up runs ends, too",
  async (signal) => {
    const { first, last } = await chain(door, { SLOW: "1" });
    first.kill(signal);
    await until(() => !isAlive(last), "the program to end");
  },
  20_000,
);
