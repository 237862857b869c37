import { putToken } from "./putToken.ts";
import { readHub } from "./readHub.ts";
import { readPartition } from "./readPartition.ts";
import { receive } from "./receive.ts";
import { send } from "./send.ts";

/** All that clients can do. COVERAGE.md has a row for each. */
export const operations = { putToken, readHub, readPartition, send, receive };
