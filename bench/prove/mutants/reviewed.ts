/** The survivors that were looked at: `reviewed.json`, a reason for each group. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Reviewed } from "./mutant.ts";

const schema = z.array(
  z.strictObject({
    file: z.string(),
    /** Why no test can tell these mutants from the code. */
    reason: z.string(),
    mutants: z
      .array(z.strictObject({ code: z.string(), change: z.string() }))
      .min(1),
  }),
);

export interface Review extends Reviewed {
  readonly reason: string;
}

export const readReviewed = (): Review[] =>
  schema
    .parse(
      JSON.parse(
        readFileSync(join(import.meta.dirname, "reviewed.json"), "utf8"),
      ),
    )
    .flatMap(({ file, reason, mutants }) =>
      mutants.map((mutant) => ({ file, reason, ...mutant })),
    );
