/** What the grammars of several kinds share. Lengths of time are written `3 seconds`, `5 minutes`, `2 days`. */
import { z } from "zod";

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
};

export const duration = z
  .string({ error: "write a length of time, such as 2 days." })
  .transform((text, context): number => {
    const match = /^(\d+(?:\.\d+)?) (second|minute|hour|day)s?$/.exec(
      text.trim(),
    );
    if (match?.[1] === undefined || match[2] === undefined) {
      context.addIssue(
        `'${text}' is no length of time: write 3 seconds, 5 minutes or 2 days.`,
      );
      return z.NEVER;
    }
    return Number(match[1]) * (UNIT_SECONDS[match[2]] ?? 1);
  });

/** A file of the pipeline's folder. */
export const pathOf = (folder: string, ending: string): z.ZodString =>
  z.string({
    error: `write the path of a file, such as ${folder}/name${ending}.`,
  });
