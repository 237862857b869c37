/**
 * Encoded AMQP values, measured before anything decodes them: part 1, 1.2 and 1.6 of the standard. A decoder allocates
 * by the counts that it reads. An array of elements that have no bytes, such as nulls, may say that it has four thousand
 * million of them in a dozen bytes; values may be nested as deep as there are bytes.
 */

/** Less than any decoder's stack holds, and more than any reader of the body's JSON is asked to take. */
const MOST_DEPTH = 128;

/** Where the content of a value ends that begins at `at`, by the width that its type's code says. */
export function contentEnd(
  bytes: Buffer,
  code: number | undefined,
  at: number,
): number | undefined {
  if (code === undefined) return undefined;
  const end = at + sizeOf(bytes, code, at);
  return end <= bytes.length ? end : undefined;
}

/** Infinite where there is no such type, or not even the size. */
function sizeOf(bytes: Buffer, code: number, at: number): number {
  const kind = code >> 4;
  if (kind === 0x4) return 0;
  if (kind >= 0x5 && kind <= 0x9) return 2 ** (kind - 5);
  if (kind < 0xa) return Infinity;
  if (widthOf(code) === 1) return 1 + (bytes[at] ?? Infinity);
  return at + 4 <= bytes.length ? 4 + bytes.readUInt32BE(at) : Infinity;
}

/** Of the size, and of the count, of a type whose size varies. */
const widthOf = (code: number): number => ((code >> 4) % 2 === 0 ? 1 : 4);

/**
 * Whether encoded values, one after the other, are whole, are nested within bounds, and have no more elements than
 * there are bytes. It costs O(bytes).
 */
export function hasBounds(bytes: Buffer): boolean {
  const measure = new Measure(bytes);
  let at: number | undefined = 0;
  while (at !== undefined && at < bytes.length) at = measure.value(at, 0);
  return at !== undefined;
}

/** Each method answers where what it measures ends; undefined where that is not within bounds. */
class Measure {
  readonly #bytes: Buffer;
  /** How many elements without bytes may still come. */
  #free: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#free = bytes.length;
  }

  value(at: number, depth: number): number | undefined {
    const type = this.#type(at, depth);
    return type && this.#content(type.code, type.end, type.depth);
  }

  /** The code of a type, behind any number of descriptors, each of which is a value. */
  #type(
    at: number,
    depth: number,
  ): { code: number; end: number; depth: number } | undefined {
    let begin: number | undefined = at;
    for (let inner = depth; inner <= MOST_DEPTH; inner += 1) {
      const code = this.#bytes[begin];
      if (code === undefined) return undefined;
      if (code !== 0x00) return { code, end: begin + 1, depth: inner };
      begin = this.value(begin + 1, inner + 1);
      if (begin === undefined) return undefined;
    }
    return undefined;
  }

  #content(code: number, at: number, depth: number): number | undefined {
    const end = contentEnd(this.#bytes, code, at);
    const kind = code >> 4;
    if (end === undefined || kind < 0xc) return end;
    const width = widthOf(code);
    const first = at + 2 * width;
    if (first > end) return undefined;
    const count = this.#bytes.readUIntBE(at + width, width);
    const last =
      kind < 0xe
        ? this.#elements(count, first, depth)
        : this.#array(count, first, depth);
    return last === end ? end : undefined;
  }

  /** Of a list or a map. */
  #elements(count: number, first: number, depth: number): number | undefined {
    let at: number | undefined = first;
    for (let element = 0; element < count && at !== undefined; element += 1)
      at = this.value(at, depth + 1);
    return at;
  }

  /** The elements of an array have one type, which stands before them. */
  #array(count: number, first: number, depth: number): number | undefined {
    const type = this.#type(first, depth + 1);
    if (!type) return undefined;
    const { code, end } = type;
    if (code >> 4 === 0x4) {
      this.#free -= count;
      return this.#free < 0 ? undefined : end;
    }
    let at: number | undefined = end;
    for (let element = 0; element < count && at !== undefined; element += 1)
      at = this.#content(code, at, type.depth);
    return at;
  }
}
