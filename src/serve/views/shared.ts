/** What the forms of several answers share. */
import * as z from "zod/mini";
import type { DeepReadonly } from "../../domain/records.ts";

/**
 * The form of an answer is made when it is first asked for: packaging and tests ask, and the app checks no answer of
 * its own, so a cold start pays for none of them.
 */
export function lazily<Schema>(make: () => Schema): () => Schema {
  let made: Schema | undefined;
  return () => (made ??= make());
}

/** An answer as a type. */
export type ViewOf<View extends () => z.ZodMiniType> = DeepReadonly<
  z.output<ReturnType<View>>
>;

export const countView = lazily(() => z.int().check(z.minimum(0)));
export const instantView = lazily(() =>
  z.string().check(z.describe("ISO 8601, UTC, with Z")),
);
export const namedBy = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.record(z.string(), schema);
