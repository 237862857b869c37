import { z } from "zod";
import { count } from "../../domain/schemas/shared.ts";
import { behindView, sinkState } from "./pipelines.ts";
import { byName, shareView, type ViewOf } from "./shared.ts";

/** What a pipeline is said to be: of those that hold the first. `docs/operations.md` says what frees it. */
export const pipelineStates = [
  "disabled",
  "otherVersion",
  "unreachable",
  "blocked",
  "unfinished",
  "gap",
  "behind",
  "notSwept",
  "notPlanned",
  "fileFailed",
  "sinkBlocked",
  "sinkBehind",
  "degraded",
  "ok",
] as const;

const pipelineHealthView = z.strictObject({
  state: z.enum(pipelineStates),
  detail: z.string().exactOptional(),
  files: z
    .strictObject({
      notTaken: count.describe("Dropped files that wait to be looked after."),
      setAside: count.describe(
        "Files that are set aside: no input, or claimed for a source that is gone; 1,000 at most.",
      ),
    })
    .describe("GET /api/pipelines/{pipeline} names them.")
    .exactOptional(),
  shares: z
    .strictObject({
      sources: byName(
        z.strictObject({ quarantined: shareView, late: shareView }),
      )
        .describe("Of the newest rows, without duplicates.")
        .exactOptional(),
      tables: byName(z.strictObject({ refused: shareView }))
        .describe("Of the rows, those whose key names no document.")
        .exactOptional(),
      sinks: byName(z.strictObject({ refused: shareView }))
        .describe("Of the documents, those that the store refuses.")
        .exactOptional(),
    })
    .exactOptional(),
  sinks: byName(
    z.strictObject({ state: sinkState, behind: behindView }),
  ).exactOptional(),
});

export const healthView = z.strictObject({
  status: z
    .enum(["ok", "degraded", "down"])
    .describe("down: no pipeline can work."),
  settings: z
    .array(z.string())
    .describe(
      "What is missing or wrong among the settings, and what stands still for it.",
    )
    .exactOptional(),
  pipelines: byName(pipelineHealthView),
});

export type PipelineHealth = ViewOf<typeof pipelineHealthView>;
export type Health = ViewOf<typeof healthView>;
