import { existsSync, readFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../shared/files.ts";
import type { PlatformFolders } from "./context.ts";
import { lockFiles, lockState } from "./lock.ts";

/** The version of the documents that a state holds: those of the lake, and the platform's own. */
const STATE_VERSION = 3;

/** Thrown when a state was made by another version of Assay. */
export class StateOfAnotherVersion extends Error {
  constructor(stateDir: string, version: number) {
    const age = version > STATE_VERSION ? "a later" : "an earlier";
    super(
      `${stateDir} was made by ${age} version of Assay, whose documents this one does not read: npm start -- --reset begins anew (what is in it goes), or set ASSAY_STATE_DIR to another folder.`,
    );
    this.name = "StateOfAnotherVersion";
  }
}

/** Refuses a state that this version does not read, and marks one that is new. Called before anything is started. */
export function openState(stateDir: string): void {
  const path = join(stateDir, "state.json");
  if (!existsSync(path)) {
    if (FIRST_CONTENT.some((name) => existsSync(join(stateDir, name))))
      throw new StateOfAnotherVersion(stateDir, 1);
    writeWhole(path, JSON.stringify({ version: STATE_VERSION }));
    return;
  }
  const { version } = JSON.parse(readFileSync(path, "utf8")) as {
    version: number;
  };
  if (version !== STATE_VERSION)
    throw new StateOfAnotherVersion(stateDir, version);
}

/** What a state of version 1, which had no mark, held from its first start on. */
const FIRST_CONTENT = ["ports.json", "lake"];

/** Removes all state; the tools that set-up made stay. The caller holds no platform on it. */
export async function resetState({
  stateDir,
  toolsDir,
}: PlatformFolders): Promise<void> {
  if (!existsSync(stateDir)) return;
  const unlock = lockState(stateDir);
  try {
    for (const name of await readdir(stateDir)) {
      const path = join(stateDir, name);
      if (path !== toolsDir && !lockFiles.includes(name))
        await rm(path, { recursive: true, force: true });
    }
  } finally {
    unlock();
  }
}
