import { spawn } from "node:child_process";
import { join } from "node:path";
import { UsageError } from "../../../scripts/arguments.mjs";
import type { PlatformFolders } from "../platform/context.ts";
import { pythonIn } from "../shared/python.ts";

/** Refuses a statement that may change something. SQL is taken apart by the library that checks the pipelines' own. */
export async function needReading(
  { toolsDir, projectDir }: PlatformFolders,
  text: string,
): Promise<void> {
  const why = await whyItMayWrite(toolsDir, projectDir, text);
  if (why !== null)
    throw new UsageError(
      `Only statements that read are run, and ${why}. Write --write to run it all the same: what it changes in silver or gold, the books will miss.`,
    );
}

function whyItMayWrite(
  toolsDir: string,
  projectDir: string,
  text: string,
): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(pythonIn(toolsDir), ["-m", "assay_local.reading"], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, PYTHONPATH: join(projectDir, "local", "python") },
    });
    let answer = "";
    child.stdout.on("data", (chunk: Buffer) => {
      answer += chunk.toString();
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(answer) as string | null);
      else reject(new Error("The statement could not be judged."));
    });
    child.stdin.end(text);
  });
}
