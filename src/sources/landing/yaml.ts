import type { z } from "zod";
import { PLAIN_FORMATS } from "../../domain/formats.ts";
import { csvMistakes, csvYaml } from "./csv.ts";
import type { GrammarWords, SourceMistake } from "../kind.ts";

const FORMATS = ["csv", ...PLAIN_FORMATS] as const;

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
      .enum(FORMATS, {
        error: `Write ${FORMATS.slice(0, -1).join(", ")} or ${FORMATS.at(-1) ?? ""}. Files of text may be gzipped.`,
      })
      .default("csv"),
    csv: csvYaml(z).optional(),
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

export const mistakes = (
  { format, csv }: LandingYaml,
  contract: object,
): SourceMistake[] => {
  if (csv === undefined) return [];
  if (format !== "csv")
    return [
      {
        path: ["csv"],
        message: `has the options of a CSV file, and the format is ${format}. Write format: csv, or leave csv out.`,
      },
    ];
  return csvMistakes(csv, contract);
};
