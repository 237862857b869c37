import { clientsOf, type Clients } from "../platform/clients.ts";

/** The clients of the platform that runs on this state. */
export async function runningClients(stateDir: string): Promise<Clients> {
  try {
    const clients = clientsOf(stateDir);
    await clients.get("/api/health");
    return clients;
  } catch {
    throw new Error(
      "Assay is not running here: start it with npm start, in another terminal.",
    );
  }
}
