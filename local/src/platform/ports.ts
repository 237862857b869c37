import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { close, listen } from "../shared/listen.ts";

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
      const server = createServer();
      ports[name] = await listen(server, 0);
      return server;
    }),
  );
  if (functionsPort === 0) {
    const server = createServer();
    ports["functions"] = kept["functions"] ?? (await listen(server, 0));
    servers.push(server);
  }
  await Promise.all(servers.map(close));
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(path, JSON.stringify(ports, null, 2));
  return new Map(Object.entries(ports));
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
