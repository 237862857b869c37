import { digestOf } from "../../src/domain/canonical.ts";
import type { Definition } from "../../src/domain/definition.ts";
import type { CheckedGold } from "./gold.ts";
import {
  isEventSource,
  type EventSource,
  type FileSource,
} from "./pipelineFile.ts";
import type { PipelineFolder } from "./readPipeline.ts";

/** The consumer group of the function app in every hub. */
export const CONSUMER_GROUP = "assay";

/**
 * The pipeline as the app and the jobs read it, named by its digest.
 * @param folder one without mistakes
 */
export function compile(
  { name, pipeline, contracts, sql }: PipelineFolder,
  gold: CheckedGold,
): Definition {
  if (!pipeline) throw new Error(`The pipeline ${name} has mistakes.`);
  const content = {
    version: 1 as const,
    pipeline: name,
    sources: Object.fromEntries(
      Object.entries(pipeline.sources).map(([source, entry]) => [
        source,
        sourceOf(entry, contracts.get(source)?.document ?? {}),
      ]),
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
  return { ...content, digest: digestOf(content) };
}

function sourceOf(entry: EventSource | FileSource, contract: object) {
  if (!isEventSource(entry)) {
    const { landing: folder, trigger, format, on_redrop: onRedrop } = entry;
    const kind = "files" as const;
    return { kind, folder, trigger, format, onRedrop, contract };
  }
  const { hub, event_time: eventTime, late_after: lateAfterSeconds } = entry;
  return {
    kind: "events" as const,
    hub,
    consumerGroup: CONSUMER_GROUP,
    contiguous: true,
    ...(eventTime === undefined ? {} : { eventTime }),
    ...(lateAfterSeconds === undefined ? {} : { lateAfterSeconds }),
    contract,
  };
}
