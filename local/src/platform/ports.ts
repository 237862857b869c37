import { randomInt } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { writeWhole } from "../shared/files.ts";
import { close, listen, PortTaken } from "../shared/listen.ts";

/** Where the function host listens unless told otherwise: the port that Azure's own tools use. */
export const DEFAULT_FUNCTIONS_PORT = 7071;

/**
 * The ports of a state. They are chosen at its first start and kept: an event hub's address is part of the identity
 * of its events, so it may not change with every start.
 */
export async function choosePorts(
  stateDir: string,
  endpoints: readonly string[],
  functionsPort: number,
): Promise<ReadonlyMap<string, number>> {
  const path = join(stateDir, "ports.json");
  const kept = existsSync(path)
    ? (JSON.parse(readFileSync(path, "utf8")) as Record<string, number>)
    : {};
  const missing = endpoints.filter(
    (name) => kept[name] === undefined && name !== "functions",
  );
  const ports: Record<string, number> = { ...kept, functions: functionsPort };
  // All are held open until all are chosen, so that no two get the same one.
  const servers = await Promise.all(
    missing.map(async (name) => {
      const [server, port] = await holdFreePort();
      ports[name] = port;
      return server;
    }),
  );
  if (functionsPort === 0) {
    const [server, port] = await holdFreePort();
    const last = kept["functions"];
    ports["functions"] =
      last !== undefined && (await isFree(last)) ? last : port;
    servers.push(server);
  }
  await Promise.all(servers.map(close));
  const text = JSON.stringify(ports, null, 2);
  if (text !== JSON.stringify(kept, null, 2)) writeWhole(path, text);
  return new Map(Object.entries(ports));
}

/** Below the ports that systems give to outgoing connections: a port that is kept must be free at the next start. */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;

async function holdFreePort(): Promise<[Server, number]> {
  for (;;) {
    const server = createServer();
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT);
    try {
      return [server, await listen(server, port)];
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await listen(server, port);
  } catch (error) {
    if (!(error instanceof PortTaken)) throw error;
    return false;
  }
  await close(server);
  return true;
}

/** The ports that `choosePorts` chose for this state. */
export function keptPorts(stateDir: string): ReadonlyMap<string, number> {
  const path = join(stateDir, "ports.json");
  return new Map(
    Object.entries(
      JSON.parse(readFileSync(path, "utf8")) as Record<string, number>,
    ),
  );
}
