import { digestOf } from "../../src/domain/canonical.ts";
import type { Definition } from "../../src/domain/definition.ts";
import { DOCUMENT_VERSION } from "../../src/domain/schemas/shared.ts";
import type { CheckedGold } from "./check.ts";
import type { PipelineFolder, ReadContract } from "./readPipeline.ts";
import { compileSink, sinksOf } from "./sinks.ts";

/**
 * The pipeline as the app and the jobs read it, named by its digest.
 * @param folder one without mistakes
 */
export function compile(
  { name, pipeline, contracts, sql }: PipelineFolder,
  gold: CheckedGold | undefined,
): Definition {
  if (!pipeline || !gold) throw new Error(`The pipeline ${name} has mistakes.`);
  const content = {
    version: DOCUMENT_VERSION as typeof DOCUMENT_VERSION,
    pipeline: name,
    sources: Object.fromEntries(
      Object.entries(pipeline.sources).map(([source, { kind, written }]) => [
        source,
        {
          ...kind.compile(written, contracts.get(source)?.document ?? {}),
          contractFile: written.contract,
          contractLines: linesOf(contracts.get(source)),
        },
      ]),
    ),
    gold: Object.fromEntries(
      [...sql].map(([table, { file, text }]) => {
        const written = pipeline.gold[table];
        if (!written) throw new Error(`${file} is of no table of ${name}.`);
        const { key, mode, on_unusable_key: onUnusableKey } = written;
        const reads = gold.reads[table] ?? [];
        return [table, { file, mode, key, onUnusableKey, sql: text, reads }];
      }),
    ),
    goldOrder: gold.order,
    sinks: Object.fromEntries(
      Object.entries(sinksOf(pipeline)).map(([sink, written]) => [
        sink,
        compileSink(written, Object.keys(pipeline.gold)),
      ]),
    ),
    batching: {
      quietForSeconds: pipeline.batching.quiet_for,
      atMostSeconds: pipeline.batching.at_most,
      maxEvents: pipeline.batching.max_events,
      maxFiles: pipeline.batching.max_files,
    },
    tolerated: pipeline.tolerated,
  };
  return { ...content, digest: digestOf(content) };
}

/** By property, so that the job tells a mistake at its line. */
function linesOf(contract: ReadContract | undefined): Record<string, number> {
  const { properties } = (contract?.document ?? {}) as { properties?: unknown };
  if (typeof properties !== "object" || properties === null) return {};
  return Object.fromEntries(
    Object.keys(properties).map((name) => [
      name,
      contract?.source.lineOf(["properties", name]) ?? 1,
    ]),
  );
}
