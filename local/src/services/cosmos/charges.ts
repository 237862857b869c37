/**
 * Request units as the documentation describes them; the real figures depend on indexes and content.
 * A point read of 1 KB is 1 RU and of 100 KB 10 RU; a write of 1 KB about 5, of 100 KB about 50
 * (learn.microsoft.com/azure/cosmos-db/key-value-store-cost).
 */
const kilobytes = (bytes: number): number =>
  Math.max(1, Math.ceil(bytes / 1024));

const rounded = (charge: number): number => Math.round(charge * 100) / 100;

export const READ_NOTHING = 1;

export const readCharge = (bytes: number): number =>
  rounded(1 + ((kilobytes(bytes) - 1) * 9) / 99);

export const createCharge = (bytes: number): number =>
  rounded(5.29 + ((kilobytes(bytes) - 1) * 45) / 99);

/** A replacement also takes the old version out of the index. */
export const replaceCharge = (bytes: number): number =>
  rounded(10.29 + ((kilobytes(bytes) - 1) * 90) / 99);

export const DELETE_CHARGE = 5.29;

/** A query pays for starting and for what it reads, whatever it gives back. */
export const queryCharge = (scanned: number, outputBytes: number): number =>
  rounded(2.3 + scanned * 0.02 + (kilobytes(outputBytes) - 1) * 0.3);

export const feedCharge = (outputBytes: number): number =>
  rounded(1 + (kilobytes(outputBytes) - 1) * 0.3);
