import { containerOf } from "../../domain/documents.ts";
import type { SinkKind } from "../kind.ts";

/** A container a table: an app with Entra rights cannot make one. */
export const provision: SinkKind["provision"] = (
  pipeline,
  _sink,
  { tables },
) => ({
  containers: tables.map((table) => ({
    name: containerOf(pipeline, table),
    partitionKey: "/partition",
    // On, without a default: only tombstones expire.
    defaultTtlSeconds: -1,
  })),
});
