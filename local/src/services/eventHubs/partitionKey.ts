const rotated = (value: number, by: number): number =>
  (value << by) | (value >>> (32 - by));

/**
 * The partition of a key, as Event Hubs and the SDKs' buffered producers choose it: Bob Jenkins' lookup3
 * (burtleburtle.net/bob/c/lookup3.c, hashlittle2), both halves folded into 16 bits.
 */
export function partitionOfKey(key: string, partitions: number): number {
  const [b, c] = lookup3(Buffer.from(key, "utf8"));
  const folded = ((b ^ c) << 16) >> 16;
  return Math.abs(folded % partitions);
}

function lookup3(key: Buffer): [number, number] {
  let a = (0xdeadbeef + key.length) | 0;
  let b = a;
  let c = a;
  if (key.length === 0) return [b, c];
  const blocks = Math.ceil(key.length / 12);
  const padded = Buffer.alloc(blocks * 12);
  key.copy(padded);
  for (let block = 0; block < blocks; block += 1) {
    a = (a + padded.readInt32LE(block * 12)) | 0;
    b = (b + padded.readInt32LE(block * 12 + 4)) | 0;
    c = (c + padded.readInt32LE(block * 12 + 8)) | 0;
    if (block === blocks - 1) break;
    a = ((a - c) | 0) ^ rotated(c, 4);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotated(a, 6);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotated(b, 8);
    b = (b + a) | 0;
    a = ((a - c) | 0) ^ rotated(c, 16);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotated(a, 19);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotated(b, 4);
    b = (b + a) | 0;
  }
  c = ((c ^ b) - rotated(b, 14)) | 0;
  a = ((a ^ c) - rotated(c, 11)) | 0;
  b = ((b ^ a) - rotated(a, 25)) | 0;
  c = ((c ^ b) - rotated(b, 16)) | 0;
  a = ((a ^ c) - rotated(c, 4)) | 0;
  b = ((b ^ a) - rotated(a, 14)) | 0;
  c = ((c ^ b) - rotated(b, 24)) | 0;
  return [b, c];
}
