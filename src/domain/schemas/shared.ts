/** What the schemas of several documents share. */
import { z } from "zod";

/** The form of every document below `_assay`. A state with another version is refused. */
export const DOCUMENT_VERSION = 3;

export const version = z.literal(DOCUMENT_VERSION);
export const instant = z.string().describe("ISO 8601, UTC, with Z");
export const count = z.int().min(0);
export const batchNumber = z.int().min(1);
export const name = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);
export const digest = z.string().describe("SHA-256 of a definition, hex");

/** Last sequence numbers, by stream (`<kind>/<name>`), generation and partition. */
export const ends = z.record(
  z.string(),
  z.record(z.string(), z.record(z.string(), z.int())),
);

/** A file of a change set or of a snapshot: JSON lines. */
export const part = z.strictObject({ path: z.string(), rows: count });
