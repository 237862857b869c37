import type { Arguments } from "../../../../scripts/arguments.mjs";
import { readReload } from "../operatorRequests.ts";
import { writeRequest } from "../writeRequest.ts";

/** `npm run reload`: delivers whole tables to a sink again, with the next batch. */
export async function reload(args: Arguments): Promise<void> {
  const asked = readReload(args);
  const { pipeline } = asked;
  const { sink, table } = asked.request;
  const what =
    table === undefined ? "all its tables as they are" : `all of ${table}`;
  await writeRequest(
    asked,
    `A batch is planned within seconds, whether there are new events or not; the sink ${sink} of ${pipeline} then gets ${what}. GET /api/batches/${pipeline} shows it.`,
  );
}
