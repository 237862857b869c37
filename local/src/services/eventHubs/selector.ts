import type { Position } from "./amqp/annotations.ts";
import { fail } from "./errors.ts";
import type { Cursor, PartitionLog } from "./log/partitionLog.ts";

const CLAUSE = /^amqp\.annotation\.x-opt-([a-z-]+)\s*(>=|>)\s*'?([^']*?)'?$/;
const BEFORE_ALL = "-1";
const AFTER_ALL = "@latest";

/** Where a receiver begins, from the selector of its link: `amqp.annotation.x-opt-offset > '-1'` and its kin. */
export function startOf(
  log: PartitionLog,
  selector: string | undefined,
): Cursor {
  if (selector === undefined) return log.earliest;
  const match = CLAUSE.exec(selector.trim());
  if (!match) fail("notSupported", { what: `the filter ${selector}` });
  const [, annotation, operator, value = ""] = match;
  const isInclusive = operator === ">=";
  switch (annotation) {
    case "offset":
      if (value === AFTER_ALL) return log.latest;
      if (value === BEFORE_ALL) return log.earliest;
      return after(log, offsetOf(log, value), isInclusive, (e) => e.offset);
    case "sequence-number":
      return after(log, sequenceOf(log, value), isInclusive, (e) => e.sequence);
    case "enqueued-time":
      return after(log, timeOf(value), isInclusive, (e) => e.at);
    default:
      return fail("notSupported", { what: `the filter ${selector}` });
  }
}

function after(
  log: PartitionLog,
  limit: number,
  isInclusive: boolean,
  fieldOf: (event: Position) => number,
): Cursor {
  return log.seek((event) =>
    isInclusive ? fieldOf(event) < limit : fieldOf(event) <= limit,
  );
}

// Azure refuses positions that the partition has not reached: a checkpoint of a hub that was created anew shows so.
function offsetOf(log: PartitionLog, supplied: string): number {
  const last = log.last?.offset ?? -1;
  const offset = Number(supplied);
  if (!Number.isInteger(offset) || offset > last)
    fail("offsetInvalid", { supplied, last });
  return offset;
}

function sequenceOf(log: PartitionLog, supplied: string): number {
  const last = log.last?.sequence ?? -1;
  const sequence = Number(supplied);
  if (!Number.isInteger(sequence) || sequence > last)
    fail("sequenceNumberInvalid", { supplied, last });
  return sequence;
}

function timeOf(value: string): number {
  const at = Number(value);
  if (value === "" || !Number.isFinite(at))
    fail("notSupported", { what: `the time ${value}` });
  return at;
}
