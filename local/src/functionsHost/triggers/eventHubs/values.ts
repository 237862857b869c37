import { valueEnd } from "../../../shared/amqpValues.ts";

/** Reads AMQP 1.0 values (part 1, 1.6) from bytes, as what JSON can say: the host passes them on as JSON. */
export class ValueReader {
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  read(): unknown {
    return this.#value(this.#code());
  }

  /** The type of the next value. A descriptor before it says only what the value means. */
  #code(): number | undefined {
    let code = this.#bytes[this.at++];
    while (code === 0x00) {
      this.skip();
      code = this.#bytes[this.at++];
    }
    return code;
  }

  #value(code: number | undefined): unknown {
    const bytes = this.#bytes;
    switch (code) {
      case 0x40:
        return null;
      case 0x41:
        return true;
      case 0x42:
        return false;
      case 0x43:
      case 0x44:
        return 0;
      case 0x45:
        return [];
      case 0x50:
      case 0x52:
      case 0x53:
        return bytes.readUInt8(this.#take(1));
      case 0x51:
      case 0x54:
      case 0x55:
        return bytes.readInt8(this.#take(1));
      case 0x56:
        return bytes.readUInt8(this.#take(1)) === 1;
      case 0x60:
        return bytes.readUInt16BE(this.#take(2));
      case 0x61:
        return bytes.readInt16BE(this.#take(2));
      case 0x70:
        return bytes.readUInt32BE(this.#take(4));
      case 0x71:
        return bytes.readInt32BE(this.#take(4));
      case 0x72:
        return bytes.readFloatBE(this.#take(4));
      case 0x73:
        return String.fromCodePoint(bytes.readUInt32BE(this.#take(4)));
      // Decimals, which Node has no type for.
      case 0x74:
        this.#take(4);
        return null;
      case 0x84:
        this.#take(8);
        return null;
      case 0x94:
        this.#take(16);
        return null;
      case 0x80:
        return this.#uint64(this.#take(8));
      case 0x81:
        return this.#int64(this.#take(8));
      case 0x82:
        return bytes.readDoubleBE(this.#take(8));
      case 0x83:
        return new Date(this.#int64(this.#take(8)));
      case 0x98:
        return this.#uuid(this.#take(16));
      case 0xa0:
        return this.#text("base64", this.#size8());
      case 0xb0:
        return this.#text("base64", this.#size32());
      case 0xa1:
        return this.#text("utf8", this.#size8());
      case 0xb1:
        return this.#text("utf8", this.#size32());
      case 0xa3:
        return this.#text("latin1", this.#size8());
      case 0xb3:
        return this.#text("latin1", this.#size32());
      case 0xc0:
      case 0xd0:
        return this.#items(code === 0xd0);
      case 0xc1:
      case 0xd1:
        return this.#map(code === 0xd1, {});
      case 0xe0:
      case 0xf0:
        return this.#array(code === 0xf0);
      default:
        throw new Error(
          `An AMQP value of type 0x${(code ?? 0).toString(16)} cannot be read.`,
        );
    }
  }

  /** Reads a map into `into`, which has what came before should a value be unreadable. */
  readMap(into: Record<string, unknown>): void {
    const code = this.#code();
    if (code !== 0xc1 && code !== 0xd1)
      throw new Error("An AMQP section that is to be a map is none.");
    this.#map(code === 0xd1, into);
  }

  /** Moves beyond the value, whatever its type. */
  skip(): void {
    this.at = valueEnd(this.#bytes, this.at, malformed);
  }

  /** The bytes of a binary value, not copied. Undefined when it is of another type. */
  binary(): Buffer | undefined {
    const code = this.#bytes[this.at++];
    if (code !== 0xa0 && code !== 0xb0) return undefined;
    const size = code === 0xa0 ? this.#size8() : this.#size32();
    const start = this.#take(size);
    return this.#bytes.subarray(start, start + size);
  }

  #take(size: number): number {
    const start = this.at;
    this.at += size;
    if (this.at > this.#bytes.length) malformed("it ends within a value");
    return start;
  }

  #size8 = (): number => this.#bytes.readUInt8(this.#take(1));
  #size32 = (): number => this.#bytes.readUInt32BE(this.#take(4));

  #text(encoding: BufferEncoding, size: number): string {
    const start = this.#take(size);
    return this.#bytes.toString(encoding, start, start + size);
  }

  /** Rounded above 2^53, as any number that reaches Node through JSON. */
  #int64 = (at: number): number =>
    this.#bytes.readInt32BE(at) * 2 ** 32 + this.#bytes.readUInt32BE(at + 4);
  #uint64 = (at: number): number =>
    this.#bytes.readUInt32BE(at) * 2 ** 32 + this.#bytes.readUInt32BE(at + 4);

  #uuid(at: number): string {
    const hex = this.#bytes.toString("hex", at, at + 16);
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  #items(isWide: boolean): unknown[] {
    const count = this.#count(isWide);
    return Array.from({ length: count }, () => this.read());
  }

  /** Its elements have one constructor, which comes before the first of them. */
  #array(isWide: boolean): unknown[] {
    const count = this.#count(isWide);
    const code = this.#code();
    return Array.from({ length: count }, () => this.#value(code));
  }

  #map(isWide: boolean, map: Record<string, unknown>): Record<string, unknown> {
    const count = this.#count(isWide);
    for (let index = 0; index < count; index += 2)
      map[String(this.read())] = this.read();
    return map;
  }

  /** Of a list, a map or an array, behind its size. Elements without bytes could be more than memory has room for. */
  #count(isWide: boolean): number {
    if (isWide) this.#size32();
    else this.#size8();
    const count = isWide ? this.#size32() : this.#size8();
    if (count > this.#bytes.length)
      malformed(`${count} values in ${this.#bytes.length} bytes`);
    return count;
  }
}

function malformed(reason: string): never {
  throw new Error(`An AMQP message is malformed: ${reason}.`);
}
