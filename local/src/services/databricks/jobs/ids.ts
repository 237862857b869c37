import { createHash } from "node:crypto";

const ID_BITS_AS_HEX = 12; // 48 bits: exact as a number in JavaScript

/** A job's id, the same in every checkout and after every restart: it is made from the job's key in the bundle. */
export const jobIdOf = (key: string): number =>
  parseInt(
    createHash("sha256").update(`job\n${key}`).digest("hex").slice(0, ID_BITS_AS_HEX),
    16,
  );
