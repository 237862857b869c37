import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectDir, toolsDir } from "./paths.mjs";

const stampPath = (step) => join(toolsDir, "stamps", step.name);

/** The digest of the files that a step is made from, and of the platform and the program that it is made for. */
async function digest(step) {
  const hash = createHash("sha256").update(
    `${process.platform}-${process.arch}`,
  );
  if (step.madeWith) hash.update(await step.madeWith());
  for (const file of step.madeFrom)
    hash.update(file).update(await readFile(join(projectDir, file)));
  return hash.digest("hex");
}

export async function isDone(step) {
  if (!step.makes.every((path) => existsSync(path))) return false;
  try {
    return (await readFile(stampPath(step), "utf8")) === (await digest(step));
  } catch {
    return false;
  }
}

export async function markDone(step) {
  const path = stampPath(step);
  await mkdir(join(toolsDir, "stamps"), { recursive: true });
  await writeFile(`${path}.new`, await digest(step));
  await rename(`${path}.new`, path);
}
