import { randomBytes } from "node:crypto";

/** Resource ids as Azure builds them: 4 bytes of the database, 4 of the container, 8 of the document. */
const encode = (bytes: Buffer): string =>
  bytes.toString("base64").replaceAll("/", "-");

const decode = (rid: string): Buffer =>
  Buffer.from(rid.replaceAll("-", "/"), "base64");

export const databaseRid = (): string => encode(randomBytes(4));

export const containerRid = (database: string): string =>
  encode(Buffer.concat([decode(database), randomBytes(4)]));

export function documentRid(container: string, rank: number): string {
  const own = Buffer.alloc(8);
  own.writeBigUInt64LE(BigInt(rank));
  return encode(Buffer.concat([decode(container), own]));
}
