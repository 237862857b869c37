/** Reads AMQP 1.0 values (part 1, 1.6) from bytes, as what JSON can say: the host passes them on as JSON. */
export class ValueReader {
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  read(): unknown {
    const bytes = this.#bytes;
    const code = bytes[this.at++];
    switch (code) {
      case 0x00: // described: the descriptor says only what the value means
        this.read();
        return this.read();
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
        return this.#map(code === 0xd1);
      default:
        throw new Error(
          `An AMQP value of type 0x${(code ?? 0).toString(16)} cannot be read.`,
        );
    }
  }

  /** Moves beyond the value, whatever its type. */
  skip(): void {
    const code = this.#bytes[this.at++] ?? 0;
    switch (code >> 4) {
      case 0x0:
        this.skip();
        this.skip();
        return;
      case 0x4:
        return;
      case 0x5:
      case 0x6:
      case 0x7:
      case 0x8:
      case 0x9:
        this.#take(2 ** ((code >> 4) - 5));
        return;
      case 0xa:
      case 0xc:
      case 0xe:
        this.#take(this.#size8());
        return;
      case 0xb:
      case 0xd:
      case 0xf:
        this.#take(this.#size32());
        return;
      default:
        throw new Error(
          `An AMQP value of type 0x${code.toString(16)} is unknown.`,
        );
    }
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
    if (this.at > this.#bytes.length)
      throw new Error("An AMQP message ends within a value.");
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
    if (isWide) this.#size32();
    else this.#size8();
    const count = isWide ? this.#size32() : this.#size8();
    return Array.from({ length: count }, () => this.read());
  }

  #map(isWide: boolean): Record<string, unknown> {
    if (isWide) this.#size32();
    else this.#size8();
    const count = isWide ? this.#size32() : this.#size8();
    const map: Record<string, unknown> = {};
    for (let index = 0; index < count; index += 2)
      map[String(this.read())] = this.read();
    return map;
  }
}
