import { z } from "zod";
import { count } from "../../domain/schemas/shared.ts";
import { behindView, sinkState } from "./pipelines.ts";
import { byName, type ViewOf } from "./shared.ts";

const fileView = z.strictObject({ path: z.string(), reason: z.string() });

const pipelineHealthView = z.strictObject({
  state: z.enum([
    "ok",
    "blocked",
    "unfinished",
    "gap",
    "behind",
    "sinkBlocked",
    "sinkBehind",
    "disabled",
    "otherVersion",
    "unreachable",
    "notSwept",
    "fileFailed",
  ]),
  detail: z.string().exactOptional(),
  files: z
    .strictObject({
      notTaken: count.describe("Dropped files that wait to be looked after."),
      first: fileView.exactOptional(),
      setAside: count.describe(
        "Dropped files that are no input, 1,000 at most.",
      ),
      lastSetAside: fileView.exactOptional(),
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
