import { z } from "zod";
import { count, instant, version } from "./shared.ts";

const gap = z.strictObject({
  stream: z.string().describe("<kind>/<name>"),
  generation: z.string(),
  partition: z.string(),
  from: z.int(),
  to: z.int().describe("Included."),
  closesAt: instant.describe("Until when they are waited for."),
});

/** What the watcher saw when it last looked for input. Health reads it, and looks at no stream itself. */
export const inputStatus = z.strictObject({
  version,
  at: instant,
  waitingEvents: count,
  waitingFiles: count,
  notLandedEvents: count.describe("In the streams, and in no batch's reach yet."),
  lastEnqueuedAt: instant.exactOptional(),
  isFull: z.boolean().describe("More waits than a batch may hold."),
  gaps: z.array(gap).max(20),
});
