import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ACTIVITIES = 150;
const victim = new URL("../../support/durableVictim.ts", import.meta.url)
  .pathname;

test("a process that is killed again and again loses no activity and repeats at most the one that ran", async () => {
  const stateDir = mkdtempSync(join(tmpdir(), "durable-"));
  const runs = (): number[] =>
    existsSync(join(stateDir, "runs"))
      ? readFileSync(join(stateDir, "runs"), "utf8")
          .trim()
          .split("\n")
          .map(Number)
      : [];
  const lives = [20, 60, 90, 120];
  for (const enough of lives)
    await live(stateDir, () => runs().length >= enough);
  const output = await live(stateDir, () => false);
  expect(output).toBe(`Completed ${(ACTIVITIES * (ACTIVITIES - 1)) / 2}`);
  expect(new Set(runs()).size).toBe(ACTIVITIES);
  expect(runs().length).toBeLessThanOrEqual(ACTIVITIES + lives.length);
  rmSync(stateDir, { recursive: true });
}, 60_000);

/** One life of the process: until it ends by itself, or is killed as soon as `isEnough`. Its output. */
async function live(
  stateDir: string,
  isEnough: () => boolean,
): Promise<string> {
  const child = spawn(
    process.execPath,
    [victim, stateDir, String(ACTIVITIES)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const watch = setInterval(() => {
    if (isEnough()) child.kill("SIGKILL");
  }, 2);
  await once(child, "close");
  clearInterval(watch);
  return output;
}
