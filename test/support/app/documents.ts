import type { StoredDocument } from "../../../src/adapters/cosmos/index.ts";
import { documentName } from "../../../src/domain/documents.ts";
import { fenceOf } from "../../../src/domain/fences.ts";
import type { World } from "./world.ts";

const BATCH = 7;
const FENCE = fenceOf("20260101T000000000Z-abcdef", BATCH);

/** Puts a document into the serving store as batch 7 would have written it. */
export function putDocument(
  { store: { documents } }: World,
  container: string,
  key: readonly string[],
  more: Partial<StoredDocument>,
): void {
  const { partition, id } = documentName(key);
  documents.set(`${container}/${partition}/${id}`, {
    id,
    partition,
    batch: BATCH,
    fence: FENCE,
    value: {},
    exact: {},
    deleted: false,
    ttl: -1,
    _etag: `"${documents.size + 1}"`,
    ...more,
  });
}
