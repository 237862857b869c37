import type { Lake } from "../adapters/lake/index.ts";
import type { Definition } from "../domain/definition.ts";
import { definitionPath } from "../domain/paths.ts";
import { AssayError } from "../errors.ts";
import type { Pipelines } from "../pipelines/load.ts";
import { defineCache, type Caches } from "./caches.ts";
import { needDocument } from "./documents.ts";

export function needDefinition(
  pipelines: Pipelines,
  pipeline: string,
): Definition {
  const definition = pipelines.definitions.get(pipeline);
  if (definition) return definition;
  const mistake = pipelines.disabled.get(pipeline);
  throw mistake === undefined
    ? new AssayError("PIPELINE_UNKNOWN", `There is no pipeline ${pipeline}.`)
    : new AssayError("DEFINITION_BROKEN", `${pipeline}: ${mistake}`);
}

/** Definitions that are known to be in the lake, by path. */
const storedPaths = defineCache(() => new Set<string>());

/** Puts the definition into the lake, before the first manifest names it. */
export async function storeDefinition(
  context: { lake: Lake; caches: Caches; pipelines: Pipelines },
  { pipeline, digest }: Definition,
): Promise<void> {
  const stored = storedPaths(context);
  const path = definitionPath(pipeline, digest);
  if (stored.has(path)) return;
  // Equal digests are equal definitions: one that is there already is this one.
  await context.lake.createOnce(
    path,
    context.pipelines.texts.get(pipeline) ?? "",
  );
  stored.add(path);
}

/** The last definition that was read of each pipeline: one of a digest does not change. */
const lastRead = defineCache(() => new Map<string, Definition>());

/** The definition that a batch was processed with. The package may hold a newer one. */
export async function readDefinition(
  context: { lake: Lake; caches: Caches },
  {
    pipeline,
    definition,
  }: { readonly pipeline: string; readonly definition: string },
): Promise<Definition> {
  const known = lastRead(context).get(pipeline);
  if (known?.digest === definition) return known;
  const read = await needDocument<Definition>(
    context.lake,
    definitionPath(pipeline, definition),
  );
  lastRead(context).set(pipeline, read);
  return read;
}
