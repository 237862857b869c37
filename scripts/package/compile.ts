import { createHash } from "node:crypto";
import type { CheckedGold } from "./gold.ts";
import { isEventSource } from "./pipelineFile.ts";
import type { PipelineFolder } from "./readPipeline.ts";

/** A pipeline as the app and the jobs read it: one JSON document, named by its digest. */
export interface Definition {
  readonly version: 1;
  readonly pipeline: string;
  /** SHA-256, in hexadecimal, of the canonical JSON of all the rest. */
  readonly digest: string;
  readonly sources: Readonly<Record<string, object>>;
  readonly gold: Readonly<Record<string, object>>;
  readonly goldOrder: readonly string[];
  readonly batching: object;
}

/** The consumer group of the function app in every hub. */
export const CONSUMER_GROUP = "assay";

/** @param folder one without mistakes */
export function compile(
  { name, pipeline, contracts, sql }: PipelineFolder,
  gold: CheckedGold,
): Definition {
  if (!pipeline) throw new Error(`The pipeline ${name} has mistakes.`);
  const content = {
    version: 1 as const,
    pipeline: name,
    sources: Object.fromEntries<object>(
      Object.entries(pipeline.sources).map(
        ([source, entry]): [string, object] => {
          const contract = contracts.get(source)?.document ?? {};
          if (!isEventSource(entry)) {
            const {
              landing: folder,
              trigger,
              format,
              on_redrop: onRedrop,
            } = entry;
            return [
              source,
              { kind: "files", folder, trigger, format, onRedrop, contract },
            ];
          }
          const {
            hub,
            event_time: eventTime,
            late_after: lateAfterSeconds,
          } = entry;
          return [
            source,
            {
              kind: "events",
              hub,
              consumerGroup: CONSUMER_GROUP,
              contiguous: true,
              ...(eventTime === undefined ? {} : { eventTime }),
              ...(lateAfterSeconds === undefined ? {} : { lateAfterSeconds }),
              contract,
            },
          ];
        },
      ),
    ),
    gold: Object.fromEntries(
      [...sql].map(([table, { file, text }]) => {
        const { key, mode } = pipeline.gold[table] ?? { key: [], mode: "full" };
        return [
          table,
          { file, mode, key, sql: text, reads: gold.reads[table] ?? [] },
        ];
      }),
    ),
    goldOrder: gold.order,
    batching: {
      quietForSeconds: pipeline.batching.quiet_for,
      atMostSeconds: pipeline.batching.at_most,
      maxEvents: pipeline.batching.max_events,
      maxFiles: pipeline.batching.max_files,
    },
  };
  return {
    ...content,
    digest: createHash("sha256").update(canonical(content)).digest("hex"),
  };
}

/** JSON with sorted keys: the same content has the same text, however its author ordered it. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
