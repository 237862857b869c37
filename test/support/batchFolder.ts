import { join } from "node:path";

/** The folder of a batch of the sample's pipeline, in the lake of a local state. */
export const batchFolder = (stateDir: string, batch: number): string =>
  join(
    stateDir,
    "lake",
    "_assay",
    "pipelines",
    "flights",
    "batches",
    String(batch).padStart(10, "0"),
  );
