import { spawn } from "node:child_process";
import { projectDir } from "../setup/paths.mjs";

/**
 * Runs steps one after the other, showing what they print. A step may count tests: a skipped, focused or retried one
 * fails it. Closes with the counts of all steps.
 * @returns the exit code
 */
export async function runSteps(steps, { keepGoing = false } = {}) {
  const total = { passed: 0, failed: 0 };
  const broken = [];
  let counts = false;
  for (const step of steps) {
    console.log(`\n== ${step.title}`);
    const startedAt = Date.now();
    const code = await spawned(step);
    const result = step.result ? await step.result() : undefined;
    if (result) {
      counts = true;
      total.passed += result.passed;
      total.failed += result.failed;
      for (const complaint of result.complaints) console.log(complaint);
    }
    const isBroken =
      code !== 0 ||
      (result !== undefined &&
        (result.failed > 0 || result.complaints.length > 0));
    console.log(
      `== ${step.title}: ${isBroken ? "FAILED" : "ok"} in ${Math.round((Date.now() - startedAt) / 1000)} s`,
    );
    if (isBroken) broken.push(step.title);
    if (isBroken && !keepGoing) break;
  }
  console.log("");
  if (broken.length > 0) console.log(`Failed: ${broken.join(", ")}`);
  if (counts) console.log(`${total.passed} passed, ${total.failed} failed`);
  // The channel to the parent would keep this process alive: nothing is left to stop.
  process.removeAllListeners("disconnect");
  process.channel?.unref();
  return broken.length === 0 ? 0 : 1;
}

function spawned({ program, args, env, cwd }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: cwd ?? projectDir,
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    process.once("disconnect", () => child.kill());
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}
