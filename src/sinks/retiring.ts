import type { AppContext } from "../context.ts";
import type { SinkHead } from "../domain/records.ts";
import {
  replaceHead,
  withoutRetirement,
  type FoundHead,
} from "../ledger/heads.ts";
import { namesSink } from "../ledger/namesSink.ts";
import type { SinkRef } from "./kind.ts";

/**
 * Whether the package names a sink, or the definition of a batch does, which may be newer than the package. A sink that
 * is named is not retired: the batch would be lost to it.
 */
export const isNamed = async (
  { lake, pipelines }: AppContext,
  { pipeline, sink }: SinkRef,
  batch: number,
): Promise<boolean> =>
  pipelines.definitions.get(pipeline)?.sinks[sink] !== undefined ||
  (await namesSink(lake, pipeline, batch, sink));

/** A head that moves is at work: it is not retired, or it is from now on. */
export const replaceAtWork = (
  { lake }: AppContext,
  pipeline: string,
  found: FoundHead,
  change: Partial<SinkHead>,
): Promise<boolean> =>
  replaceHead(lake, pipeline, found, {
    ...withoutRetirement(found.head),
    ...change,
  });
