/** What the forms of several answers share. The app sends its answers unchecked and loads no form: it has the types. */
import { z } from "zod";
import type { DeepReadonly } from "../../domain/records.ts";
import { name } from "../../domain/schemas/shared.ts";

/** An answer as a type. */
export type ViewOf<View extends z.ZodType> = DeepReadonly<z.infer<View>>;

export const byName = <Schema extends z.ZodType>(schema: Schema) =>
  z.record(name, schema);

export const shareView = z.number().min(0).max(1);
