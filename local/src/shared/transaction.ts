import type { DatabaseSync } from "node:sqlite";

/** All of `work`, or nothing: when it throws, its changes are taken back, and the next transaction can begin. */
export function inTransaction<Result>(
  database: DatabaseSync,
  work: () => Result,
): Result {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite has rolled back by itself after some errors, a full disk for one.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
