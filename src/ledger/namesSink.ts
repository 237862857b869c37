import type { Lake } from "../adapters/lake/index.ts";
import type { Definition } from "../domain/definition.ts";
import { batchPaths, definitionPath } from "../domain/paths.ts";
import type { Manifest } from "../domain/records.ts";
import { findBatchEnd, findOverride } from "./batches.ts";
import { findDocument, needDocument } from "./documents.ts";

/**
 * Whether a batch delivers to a sink: by its seal, else by a definition that it may be sealed with. A batch that was
 * unblocked may be sealed with the one before. False where there is no such batch. At most six reads.
 */
export async function namesSink(
  lake: Lake,
  pipeline: string,
  batch: number,
  sink: string,
): Promise<boolean> {
  const end = await findBatchEnd(lake, pipeline, batch);
  if (end)
    return end.kind === "processed" && end.process.sinks[sink] !== undefined;
  const { manifest: path } = batchPaths(pipeline, batch);
  const [manifest, override] = await Promise.all([
    findDocument<Manifest>(lake, path),
    findOverride(lake, pipeline, batch),
  ]);
  if (!manifest) return false;
  const digests = new Set([
    manifest.definition,
    override?.definition ?? manifest.definition,
  ]);
  for (const digest of digests) {
    const { sinks } = await needDocument<Definition>(
      lake,
      definitionPath(pipeline, digest),
    );
    if (sinks[sink]) return true;
  }
  return false;
}
