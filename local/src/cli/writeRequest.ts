import { readProvision } from "../platform/context.ts";
import { readFolders } from "../platform/folders.ts";
import { requestDocument, type Asked } from "./operatorRequests.ts";
import { runningClients } from "./running.ts";
import { say } from "./say.ts";

/** Writes what an operator asks for into the lake of the platform that runs here. */
export async function writeRequest(
  asked: Asked,
  whatHappens: string,
): Promise<void> {
  const { projectDir, stateDir } = readFolders();
  const clients = await runningClients(stateDir);
  const { path, text } = requestDocument(asked);
  const { container } = readProvision(projectDir).lake;
  await clients.createOnce(container, path, text);
  say(`The request is written: ${path}`);
  say(whatHappens);
}
