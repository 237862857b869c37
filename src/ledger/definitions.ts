import type { Lake } from "../adapters/lake/index.ts";
import type { Definition } from "../domain/definition.ts";
import { definitionPath } from "../domain/paths.ts";
import { AssayError } from "../errors.ts";
import type { Pipelines } from "../pipelines/load.ts";
import type { Memory } from "./memory.ts";

export function needDefinition(
  pipelines: Pipelines,
  pipeline: string,
): Definition {
  const definition = pipelines.definitions.get(pipeline);
  if (definition) return definition;
  const mistake = pipelines.setAside.get(pipeline);
  throw mistake === undefined
    ? new AssayError("PIPELINE_UNKNOWN", `There is no pipeline ${pipeline}.`)
    : new AssayError("DEFINITION_BROKEN", `${pipeline}: ${mistake}`);
}

/** Puts the definition into the lake, before the first manifest names it. */
export async function storeDefinition(
  {
    lake,
    memory,
    pipelines,
  }: { lake: Lake; memory: Memory; pipelines: Pipelines },
  { pipeline, digest }: Definition,
): Promise<void> {
  const path = definitionPath(pipeline, digest);
  if (memory.stored.has(path)) return;
  // Equal digests are equal definitions: one that is there already is this one.
  await lake.createOnce(path, pipelines.texts.get(pipeline) ?? "");
  memory.stored.add(path);
}
