import { z } from "zod";
import { behindView, sinkState } from "./pipelines.ts";
import { byName, type ViewOf } from "./shared.ts";

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
  ]),
  detail: z.string().exactOptional(),
  sinks: byName(
    z.strictObject({ state: sinkState, behind: behindView }),
  ).exactOptional(),
});

export const healthView = z.strictObject({
  status: z
    .enum(["ok", "degraded", "down"])
    .describe("down: no pipeline can work."),
  pipelines: byName(pipelineHealthView),
});

export type PipelineHealth = ViewOf<typeof pipelineHealthView>;
export type Health = ViewOf<typeof healthView>;
