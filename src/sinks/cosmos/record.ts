/** What the head of a cosmos sink remembers beside its position. */
import type { SinkHead } from "../../domain/records.ts";

/** The id of the container that each table was written to: one of the same name may be another, and empty. */
export type Containers = Readonly<Record<string, string>>;

export interface CosmosRecord {
  readonly containers: Containers;
}

/** Whoever wrote the head was of the same kind: a head that changes its kind begins with an empty record. */
export const containersOf = ({ record }: SinkHead): Containers =>
  (record as Partial<CosmosRecord>).containers ?? {};

export const withContainers = (
  head: SinkHead,
  containers: Containers,
): SinkHead => {
  const record: CosmosRecord = {
    containers: { ...containersOf(head), ...containers },
  };
  return { ...head, record: { ...record } };
};
