import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../shared/files.ts";

/** Events that people sent with `npm run send`, by hub. */
export type Sent = Readonly<Record<string, number>>;

const sentPath = (stateDir: string): string => join(stateDir, "sent.json");

export function readSent(stateDir: string): Sent {
  const path = sentPath(stateDir);
  return existsSync(path)
    ? (JSON.parse(readFileSync(path, "utf8")) as Sent)
    : {};
}

export function noteSent(stateDir: string, hub: string, count: number): void {
  const sent = readSent(stateDir);
  const counted = { ...sent, [hub]: (sent[hub] ?? 0) + count };
  writeWhole(sentPath(stateDir), JSON.stringify(counted));
}
