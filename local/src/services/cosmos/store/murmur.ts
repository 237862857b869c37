/** MurmurHash3 of 128 bits for 64-bit machines, seed 0 (github.com/aappleby/smhasher, in the public domain). */
const FIRST = 0x87c37b91114253d5n;
const SECOND = 0x4cf5ad432745937fn;
const BLOCK_BYTES = 16;

const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);

const rotate = (value: bigint, bits: bigint): bigint =>
  wrap((value << bits) | (value >> (64n - bits)));

const scrambleLow = (half: bigint): bigint =>
  wrap(rotate(wrap(half * FIRST), 31n) * SECOND);

const scrambleHigh = (half: bigint): bigint =>
  wrap(rotate(wrap(half * SECOND), 33n) * FIRST);

function avalanche(value: bigint): bigint {
  let mixed = value;
  mixed = wrap((mixed ^ (mixed >> 33n)) * 0xff51afd7ed558ccdn);
  mixed = wrap((mixed ^ (mixed >> 33n)) * 0xc4ceb9fe1a85ec53n);
  return mixed ^ (mixed >> 33n);
}

/** The hash as 16 bytes, the lowest first. */
export function murmur128(bytes: Buffer): Buffer {
  let low = 0n;
  let high = 0n;
  const whole = bytes.length - (bytes.length % BLOCK_BYTES);
  for (let at = 0; at < whole; at += BLOCK_BYTES) {
    low ^= scrambleLow(bytes.readBigUInt64LE(at));
    low = wrap((rotate(low, 27n) + high) * 5n + 0x52dce729n);
    high ^= scrambleHigh(bytes.readBigUInt64LE(at + 8));
    high = wrap((rotate(high, 31n) + low) * 5n + 0x38495ab5n);
  }
  // Zeros behind the rest scramble to zero, so they change nothing.
  const rest = Buffer.alloc(BLOCK_BYTES);
  bytes.copy(rest, 0, whole);
  const length = BigInt(bytes.length);
  low ^= scrambleLow(rest.readBigUInt64LE(0)) ^ length;
  high ^= scrambleHigh(rest.readBigUInt64LE(8)) ^ length;
  low = wrap(low + high);
  high = wrap(high + low);
  low = avalanche(low);
  high = avalanche(high);
  low = wrap(low + high);
  high = wrap(high + low);
  const hash = Buffer.alloc(BLOCK_BYTES);
  hash.writeBigUInt64LE(low, 0);
  hash.writeBigUInt64LE(high, 8);
  return hash;
}
