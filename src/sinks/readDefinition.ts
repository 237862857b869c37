import type { AppContext } from "../context.ts";
import type { Definition } from "../domain/definition.ts";
import { definitionPath } from "../domain/paths.ts";
import { defineCache } from "../ledger/caches.ts";
import { needDocument } from "../ledger/documents.ts";

/** The last definition that was read of each pipeline: one of a digest does not change. */
const lastRead = defineCache(() => new Map<string, Definition>());

/** The definition that a batch was processed with. The package may hold a newer one. */
export async function readDefinition(
  context: AppContext,
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
