import type { Entry } from "../log/frame.ts";
import {
  MAX_ANNOTATIONS_BYTES,
  RESERVED,
  writeAnnotations,
  type Position,
} from "./annotations.ts";
import {
  DATA,
  HEADER,
  MESSAGE_ANNOTATIONS,
  dataOf,
  pairsOf,
  sectionsOf,
  textOf,
} from "./sections.ts";

/** The message format of a batch: data sections that each hold one encoded message. */
export const BATCH_FORMAT = 0x80013700;

const PARTITION_KEY = "x-opt-partition-key";

interface Publication {
  readonly partitionKey: string | undefined;
  readonly events: readonly Entry[];
}

/** Reads what a producer sent: one event, or a batch. */
export function publicationOf(bytes: Buffer, format: number): Publication {
  const sections = sectionsOf(bytes);
  const annotations = sections.find(({ code }) => code === MESSAGE_ANNOTATIONS);
  const pairs = annotations ? pairsOf(bytes, annotations) : [];
  const partitionKey = textOf(find(pairs, PARTITION_KEY));
  if (format !== BATCH_FORMAT)
    return { partitionKey, events: [eventOf(bytes, [])] };
  const key = named(pairs, (name) => name === PARTITION_KEY);
  return {
    partitionKey,
    events: sections
      .filter(({ code }) => code === DATA)
      .map((section) => eventOf(dataOf(bytes, section), key)),
  };
}

/**
 * One event, as it will be stored: the sender's header, our annotations with the sender's own, and the rest as it came.
 * Delivery annotations are dropped: they are between two neighbours only.
 */
function eventOf(bytes: Buffer, inherited: readonly Buffer[]): Entry {
  let header: Buffer | undefined;
  let pairs = inherited;
  let rest = 0;
  for (const section of sectionsOf(bytes)) {
    if (section.code > MESSAGE_ANNOTATIONS) break;
    rest = section.end;
    if (section.code === HEADER)
      header = bytes.subarray(section.start, section.end);
    if (section.code === MESSAGE_ANNOTATIONS)
      pairs = merge(pairsOf(bytes, section), inherited);
  }
  return new Event(header, pairs, bytes.subarray(rest));
}

class Event implements Entry {
  readonly #header: Buffer | undefined;
  readonly #pairs: readonly Buffer[];
  readonly #rest: Buffer;

  constructor(
    header: Buffer | undefined,
    pairs: readonly Buffer[],
    rest: Buffer,
  ) {
    this.#header = header;
    this.#pairs = pairs;
    this.#rest = rest;
  }

  get maxBytes(): number {
    const own = (this.#header?.length ?? 0) + this.#rest.length;
    return this.#pairs.reduce(
      (sum, item) => sum + item.length,
      own + MAX_ANNOTATIONS_BYTES,
    );
  }

  write(into: Buffer, start: number, position: Position): number {
    let end = start;
    if (this.#header) {
      into.set(this.#header, end);
      end += this.#header.length;
    }
    end = writeAnnotations(into, end, position, this.#pairs);
    into.set(this.#rest, end);
    return end + this.#rest.length;
  }
}

/** The event's own annotations, and of the batch's those that it does not have. */
function merge(
  own: readonly Buffer[],
  inherited: readonly Buffer[],
): readonly Buffer[] {
  if (own.length === 0) return inherited;
  const names = new Set<string | undefined>();
  const kept = named(own, (name) => {
    names.add(name);
    return name === undefined || !RESERVED.has(name);
  });
  const added = named(inherited, (name) => !names.has(name));
  return added.length === 0 ? kept : [...kept, ...added];
}

function named(
  pairs: readonly Buffer[],
  keep: (name: string | undefined) => boolean,
): Buffer[] {
  const kept: Buffer[] = [];
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    const [key, value] = [pairs[index], pairs[index + 1]];
    if (key && value && keep(textOf(key))) kept.push(key, value);
  }
  return kept;
}

const find = (pairs: readonly Buffer[], name: string): Buffer | undefined =>
  named(pairs, (other) => other === name)[1];
