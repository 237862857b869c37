import { readRetry } from "../requests.ts";
import { writeRequest } from "../writeRequest.ts";

/** `npm run retry`: tries the blocked batch of a pipeline again, or a blocked sink, without waiting for the next probe. */
export async function retry(args: readonly string[]): Promise<void> {
  const asked = readRetry(args);
  const { pipeline, request } = asked;
  const what =
    request.kind === "retry" && request.sink !== undefined
      ? `The sink ${request.sink} of ${pipeline} goes on where it is blocked`
      : `The blocked batch of ${pipeline} is processed again`;
  await writeRequest(
    asked,
    `${what} within seconds; if nothing is blocked, nothing happens. GET /api/pipelines/${pipeline} shows the state.`,
  );
}
