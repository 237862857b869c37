/** The parts of change sets and snapshots are JSON lines, of one form. */
import { z } from "zod";

const key = z.array(z.string()).min(1).describe("The key's columns as texts.");

/** Written by the job, read by the sinks. */
export const line = z.discriminatedUnion("op", [
  z.strictObject({
    op: z.literal("upsert"),
    key,
    isNew: z
      .boolean()
      .exactOptional()
      .describe("Of a change set: the row was not there before."),
    value: z.string().describe("The row as JSON text, made by Spark."),
    exact: z
      .record(z.string(), z.string())
      .exactOptional()
      .describe(
        "Digits by column, for cells that a double cannot hold; and NaN and the infinities of doubles.",
      ),
  }),
  z.strictObject({ op: z.literal("delete"), key }),
  z.strictObject({
    op: z.literal("refused").describe("It changes nothing, and no count of rows has it."),
    key: z.array(z.string().nullable()).min(1),
    reason: z.enum(["null", "empty", "too long"]),
    isNew: z.boolean().exactOptional(),
  }),
]);
