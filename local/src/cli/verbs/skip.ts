import type { Arguments } from "../../../../scripts/arguments.mjs";
import { readSkip } from "../operatorRequests.ts";
import { writeRequest } from "../writeRequest.ts";

/** `npm run skip`: goes on without a blocked batch. Its events stay accounted for, as skipped. */
export async function skip(args: Arguments): Promise<void> {
  const asked = readSkip(args);
  const { pipeline } = asked;
  const { batch } = asked.request;
  await writeRequest(
    asked,
    `${pipeline} goes on without batch ${batch} as soon as none of its job runs is active; a batch that is not blocked is not skipped. Its events are accounted for as skipped: GET /api/batches/${pipeline}/${batch} shows them.`,
  );
}
