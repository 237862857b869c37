import * as z from "zod/mini";
import { behindView, sinkStates } from "./pipelines.ts";
import { lazily, namedBy, type ViewOf } from "./shared.ts";

export const pipelineStates = [
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
] as const;

const pipelineHealthView = lazily(() =>
  z.strictObject({
    state: z.enum(pipelineStates),
    detail: z.exactOptional(z.string()),
    sinks: z.exactOptional(
      namedBy(
        z.strictObject({ state: z.enum(sinkStates), behind: behindView() }),
      ),
    ),
  }),
);

export const healthView = lazily(() =>
  z.strictObject({
    status: z
      .enum(["ok", "degraded", "down"])
      .check(z.describe("down: no pipeline can work.")),
    pipelines: namedBy(pipelineHealthView()),
  }),
);

export type PipelineHealth = ViewOf<typeof pipelineHealthView>;
export type Health = ViewOf<typeof healthView>;
