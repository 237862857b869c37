import type { z } from "zod";
import type { GrammarWords, SourceMistake } from "../kind.ts";

export const yaml = ({ z, contract }: GrammarWords) =>
  z.strictObject({
    landing: z
      .string({ error: "write the name of a folder below landing/." })
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/,
        "is no folder below landing/: letters, digits, '-' and '_', no slash.",
      ),
    trigger: z
      .enum(["queue", "blob"], { error: "write queue or blob." })
      .default("queue"),
    format: z
      .enum(["csv"], { error: "write csv: other formats are not read yet." })
      .default("csv"),
    on_redrop: z
      .enum(["replace", "append", "reject"], {
        error: "write replace, append or reject.",
      })
      .default("replace"),
    contract,
  });

export type LandingYaml = z.infer<ReturnType<typeof yaml>>;

/** Each key stands for itself. */
export const mistakes = (): SourceMistake[] => [];
