import type { Server } from "node:net";

/** Thrown when a port that this platform keeps is in use: the message says what to do. */
export class PortTaken extends Error {
  constructor(port: number) {
    super(
      `Port ${port} on 127.0.0.1 is in use by another program. Stop that program; for the function host, --port takes another one.`,
    );
    this.name = "PortTaken";
  }
}

/** Listens on 127.0.0.1 only. Resolves with the port, which is a free one where 0 was asked for. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? new PortTaken(port) : error);
    });
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string")
        reject(new Error("The server has no port."));
      else resolve(address.port);
    });
  });
}

/** Stops taking connections and ends the open ones. */
export function close(
  server: Server & { closeAllConnections?: () => void },
): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections?.();
  });
}
