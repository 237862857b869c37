import type { z } from "zod";
import type { GrammarWords, SourceMistake } from "../kind.ts";

export const yaml = ({ z, contract }: GrammarWords) =>
  z.strictObject({
    landing: z
      .string({ error: "Write the name of a folder below landing/." })
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/,
        "is no folder below landing/. Write letters, digits, '-' and '_', 63 at most, a letter or digit first.",
      ),
    trigger: z
      .enum(["queue", "blob"], { error: "Write queue or blob." })
      .default("queue"),
    format: z
      .enum(["csv"], { error: "Write csv, the one format that is read." })
      .default("csv"),
    on_redrop: z
      .enum(["replace", "append", "reject"], {
        error: "Write replace, append or reject.",
      })
      .default("replace"),
    on_repeated_key: z
      .enum(["first", "last"], { error: "Write first or last." })
      .default("first"),
    contract,
  });

export type LandingYaml = z.infer<ReturnType<typeof yaml>>;

/** Each key stands for itself. */
export const mistakes = (): SourceMistake[] => [];
