/** Whether what was made is still what its sources say: a stamp beside it holds the digest of what it was made from. */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { projectDir, toolsDir } from "./paths.mjs";

/**
 * The digest of files and folders as they are now: some hundred small files, read in milliseconds.
 * @param {string} dir
 * @param {readonly string[]} paths relative to it
 * @param {readonly string[]} others what else was taken into account, such as the platform
 */
export function digestOf(dir, paths, others = []) {
  const hash = createHash("sha256");
  for (const other of others) hash.update(other);
  for (const path of paths) addPath(hash, dir, path);
  return hash.digest("hex");
}

/** What Python makes when it runs is no source. */
const isMade = (name) => name === "__pycache__" || name.endsWith(".egg-info");

function addPath(hash, dir, path) {
  // A checkout without pipelines has no folder of them: git keeps no empty one.
  const stats = statSync(join(dir, path), { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (stats.isFile()) hash.update(path).update(readFileSync(join(dir, path)));
  if (!stats.isDirectory()) return;
  const names = readdirSync(join(dir, path)).sort();
  for (const name of names)
    if (!isMade(name)) addPath(hash, dir, `${path}/${name}`);
}

/**
 * Whether all is there that was made from exactly this.
 * @param {{ stamp: string, makes: readonly string[] }} made absolute paths
 * @param {string} digest
 */
export const isFresh = ({ stamp, makes }, digest) =>
  makes.every((path) => existsSync(path)) &&
  existsSync(stamp) &&
  readFileSync(stamp, "utf8") === digest;

/**
 * Written whole or not at all: a process that is killed here leaves the old stamp.
 * @param {string} stamp
 * @param {string} digest
 */
export function remember(stamp, digest) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(`${stamp}.new`, digest);
  renameSync(`${stamp}.new`, stamp);
}

const stampOf = (step) => join(toolsDir, "stamps", step.name);

/** Of a step of the set-up: of its files, and of the platform and the program that it is made for. */
const digestOfStep = async ({ madeFrom, madeWith }) =>
  digestOf(projectDir, madeFrom, [
    `${process.platform}-${process.arch}`,
    ...(madeWith ? [await madeWith()] : []),
  ]);

export const isDone = async (step) =>
  step.makes.every((path) => existsSync(path)) &&
  isFresh({ stamp: stampOf(step), makes: [] }, await digestOfStep(step));

export const markDone = async (step) =>
  remember(stampOf(step), await digestOfStep(step));
