import { z } from "zod";
import { count, name } from "../../domain/schemas/shared.ts";
import type { ViewOf } from "./shared.ts";

const key = z.array(z.string());
const value = z
  .record(z.string(), z.unknown())
  .nullable()
  .describe("Numbers that a double cannot hold stand in it with all digits.");
const asOf = z.strictObject({
  batch: count.describe("The batch that last changed it."),
});

const rowView = z.strictObject({
  pipeline: name,
  table: name,
  key,
  value,
  asOf,
});

const pageView = z.strictObject({
  pipeline: name,
  table: name,
  key: key.describe("The first parts of the rows' keys."),
  items: z.array(z.strictObject({ key, value, asOf })),
  continuation: z.string().describe("Asks for the next page.").exactOptional(),
  asOf,
});

export const insightView = z.union([rowView, pageView]);

export type InsightView = ViewOf<typeof insightView>;
