import { certificatePath } from "./paths.mjs";
import { steps } from "./steps.mjs";
import { testSteps } from "./testSteps.mjs";
import { SetupError } from "./run.mjs";
import { chooseNode, findJava } from "./prerequisites.mjs";
import { progress } from "./progress.mjs";
import { isDone, markDone } from "./stamps.mjs";

export { SetupError };

/**
 * Does the steps that are not done, in order. A step is done when its stamp holds the digest of what it was made
 * from, so an interrupted set-up goes on where it stopped, and a changed lock file runs its step again.
 * @param {{ forTests?: boolean, more?: readonly object[] }} [options] whether what only the tests use is made too, and
 *   steps of the verb's own
 * @returns the Node to run commands with and their environment
 */
export async function setUp({ forTests = false, more = [] } = {}) {
  if (process.platform === "win32")
    throw new SetupError(
      "Assay runs on Linux and macOS: on Windows start it in WSL (learn.microsoft.com/windows/wsl).",
    );
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major < 20) {
    throw new SetupError(
      `Node ${process.versions.node} is too old: install Node 20 or newer (nodejs.org), 24 is best.`,
    );
  }
  const open = [];
  for (const step of [...steps, ...(forTests ? testSteps : []), ...more])
    if (!(await isDone(step))) open.push(step);
  // Whatever is missing is said before anything is downloaded.
  if (open.length > 0) for (const step of open) await step.check?.();
  for (const [index, step] of open.entries()) {
    await progress(`Set-up ${index + 1}/${open.length}: ${step.title}`, () =>
      step.run(),
    );
    await markDone(step);
  }
  const node = chooseNode();
  const java = await findJava();
  return {
    node,
    env: {
      ...process.env,
      JAVA_HOME: java.home,
      NODE_EXTRA_CA_CERTS: certificatePath,
      NODE_NO_WARNINGS: "1",
    },
  };
}
