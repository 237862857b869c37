import type { Arguments } from "../../../../scripts/arguments.mjs";
import { readFolders } from "../../platform/folders.ts";
import { readRetry } from "../operatorRequests.ts";
import { runningClients } from "../running.ts";
import { writeRequest } from "../writeRequest.ts";

/** `npm run retry`: tries the blocked batch of a pipeline again, or a blocked sink, without waiting for the next probe. */
export async function retry(args: Arguments): Promise<void> {
  const asked = await readRetry(args, findSinks);
  const { pipeline, request } = asked;
  const what =
    request.sink !== undefined
      ? `The sink ${request.sink} of ${pipeline} goes on where it is blocked`
      : `The blocked batch of ${pipeline} is processed again`;
  await writeRequest(
    asked,
    `${what} within seconds; if nothing is blocked, nothing happens. GET /api/pipelines/${pipeline} shows the state.`,
  );
}

/** As the running app tells of them. */
async function findSinks(pipeline: string): Promise<string[]> {
  const clients = await runningClients(readFolders().stateDir);
  const { body } = await clients.get(`/api/pipelines/${pipeline}`);
  // As the app's OpenAPI document says; an error has no sinks.
  const { sinks = {} } = body as { readonly sinks?: object };
  return Object.keys(sinks);
}
