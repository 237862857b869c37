/** What the sweep leaves to be seen: files that are no input, and those that it could not take. */
import { z } from "zod";
import { count, instant, name, version } from "./shared.ts";

/** A dropped file that is no input: nothing of it reaches a batch. */
export const setAsideFile = z.strictObject({
  version,
  id: z.string(),
  source: name,
  name: z.string().describe("As it was dropped, below the source's folder."),
  path: z.string().describe("Where it lies now."),
  bytes: count,
  reason: z.string(),
  setAsideAt: instant,
});

/** The newest sweep of a pipeline. Written anew by each one. */
export const sweepReport = z.strictObject({
  version,
  sweptAt: instant,
  failed: z
    .array(z.enum(["sources", "work", "deliveries"]))
    .describe("The steps that failed. The log says why: sweep.failed."),
  unplanned: z
    .strictObject({ after: count, since: instant })
    .exactOptional()
    .describe(
      "Since which sweep something waits to be planned after this batch, which has ended.",
    ),
  files: z
    .array(
      z.strictObject({
        path: z.string(),
        reason: z.string(),
        since: instant.describe("When the file was changed last."),
        hasFailed: z
          .boolean()
          .describe("It should have been taken, and could not be."),
      }),
    )
    .max(20)
    .describe("Dropped files that were not taken: those that failed, then the others, the oldest first."),
  moreFiles: count.describe("So many more were not taken."),
  setAside: count.describe("Files that are set aside, 1,000 at most."),
  lastSetAside: setAsideFile
    .pick({ name: true, source: true, reason: true, setAsideAt: true })
    .exactOptional(),
});
