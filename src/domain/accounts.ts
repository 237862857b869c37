import type { PublishedCounts } from "./records.ts";

export type PublishedTables = Readonly<Record<string, PublishedCounts>>;

const NOTHING: PublishedCounts = { upserted: 0, deleted: 0, skipped: 0 };

/** The sum of what several activities published. */
export function addPublished(
  parts: readonly PublishedTables[],
): PublishedTables {
  const sum: Record<string, PublishedCounts> = {};
  for (const part of parts)
    for (const [table, counts] of Object.entries(part)) {
      const before = sum[table] ?? NOTHING;
      sum[table] = {
        upserted: before.upserted + counts.upserted,
        deleted: before.deleted + counts.deleted,
        skipped: before.skipped + counts.skipped,
      };
    }
  return sum;
}
