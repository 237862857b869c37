import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { startServer } from "../../local/src/services/eventHubs/server.ts";
import { eventHubsContext } from "./eventHubs.ts";

/** Event Hubs in a process of its own, to be killed at any moment. */
export interface EventHubsProcess {
  readonly port: number;
  kill(): Promise<void>;
}

export async function forkEventHubs(
  stateDir: string,
  port = 0,
): Promise<EventHubsProcess> {
  const child: ChildProcess = fork(import.meta.filename, [
    stateDir,
    String(port),
  ]);
  const gone = once(child, "exit");
  const failed = gone.then(() => {
    throw new Error("Event Hubs ended before it listened.");
  });
  const [listening] = (await Promise.race([
    once(child, "message"),
    failed,
  ])) as [number];
  failed.catch(() => undefined);
  return {
    port: listening,
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

if (process.argv[1] === import.meta.filename) {
  const [, , stateDir = "", port = "0"] = process.argv;
  const context = await eventHubsContext({ stateDir, port: Number(port) });
  const server = await startServer(context);
  process.send?.(server.port);
}
