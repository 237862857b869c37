import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { writeWhole } from "../shared/files.ts";
import { close, listen, PortTaken } from "../shared/listen.ts";
import { lockState, StateInUse } from "./lock.ts";

/** A platform of this person on this machine, as it notes itself for the others. */
interface Neighbour {
  readonly projectDir: string;
  readonly stateDir: string;
  readonly ports: readonly number[];
}

/** Thrown when a port is taken by another checkout of Assay, or by this one with another state. */
export class PortOfNeighbour extends Error {
  constructor(port: number, { projectDir, stateDir }: Neighbour) {
    super(
      `Port ${port} on 127.0.0.1 is taken: the Assay of ${projectDir} runs there, on ${stateDir}. Stop it with Ctrl-C, or start this one with --port 0.`,
    );
    this.name = "PortOfNeighbour";
  }
}

const usualDir = (): string => join(tmpdir(), `assay-${userInfo().uid}`);

/** Tells the others which ports this platform has. The result takes the note back. */
export function noteNeighbour(own: Neighbour, dir = usualDir()): () => void {
  const name = createHash("sha256").update(own.stateDir).digest("hex");
  const path = join(dir, `${name.slice(0, 16)}.json`);
  writeWhole(path, JSON.stringify(own));
  return () => rmSync(path, { force: true });
}

/** Refuses to begin where a port is taken, and names who has it if that is one of us. */
export async function needFreePorts(
  ports: Iterable<number>,
  dir = usualDir(),
): Promise<void> {
  for (const port of ports) {
    const server = createServer();
    try {
      await listen(server, port);
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
      const neighbour = neighbours(dir).find((one) => one.ports.includes(port));
      throw neighbour === undefined
        ? error
        : new PortOfNeighbour(port, neighbour);
    }
    await close(server);
  }
}

function neighbours(dir: string): Neighbour[] {
  const names = existsSync(dir) ? readdirSync(dir) : [];
  return names
    .filter((name) => name.endsWith(".json"))
    .map(
      (name) => JSON.parse(readFileSync(join(dir, name), "utf8")) as Neighbour,
    )
    .filter(({ stateDir }) => isRunning(stateDir));
}

/** A platform that was killed leaves its note; its lock it cannot leave. */
function isRunning(stateDir: string): boolean {
  if (!existsSync(stateDir)) return false;
  try {
    lockState(stateDir)();
    return false;
  } catch (error) {
    return error instanceof StateInUse;
  }
}
