import type { Operation } from "../lake.ts";
import { appendOperations } from "./appends.ts";
import { blobOperations } from "./blobs.ts";
import { blockOperations } from "./blocks.ts";
import { containerOperations } from "./containers.ts";
import { listBlobs } from "./listBlobs.ts";
import { listPaths } from "./listPaths.ts";
import { messageOperations } from "./messages.ts";
import { pathOperations } from "./paths.ts";
import { queueOperations } from "./queues.ts";
import { readOperations } from "./reads.ts";
import { refusedLakeOperations, refusedQueueOperations } from "./refused.ts";

/** All that the endpoint `lake` knows. The first match wins: the special before the general. */
export const lakeOperations: readonly Operation[] = [
  ...refusedLakeOperations,
  ...pathOperations,
  ...appendOperations,
  ...blockOperations,
  listBlobs,
  listPaths,
  ...containerOperations,
  ...readOperations,
  ...blobOperations,
];

/** All that the endpoint `queue` knows. */
export const allQueueOperations: readonly Operation[] = [
  ...refusedQueueOperations,
  ...messageOperations,
  ...queueOperations,
];
