/**
 * What the grammars of several kinds have in common. Lengths of time are written `3 seconds`, `5 minutes`, `2 days`, and
 * shares `10 %`.
 */
import { z } from "zod";

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
};

export const duration = z
  .string({ error: "Write a length of time, such as 2 days." })
  .transform((text, context): number => {
    const match = /^(\d+(?:\.\d+)?) (second|minute|hour|day)s?$/.exec(
      text.trim(),
    );
    if (match?.[1] === undefined || match[2] === undefined) {
      context.addIssue(
        `'${text}' is no length of time. Write a number and its unit, such as 3 seconds, 5 minutes or 2 days.`,
      );
      return z.NEVER;
    }
    return Number(match[1]) * (UNIT_SECONDS[match[2]] ?? 1);
  });

/** A part of a whole. */
export const share = z
  .string({ error: "Write a share, such as 10 %." })
  .transform((text, context): number => {
    const [, percent] = /^(\d+(?:\.\d+)?) ?%$/.exec(text.trim()) ?? [];
    if (percent === undefined || Number(percent) > 100) {
      context.addIssue(
        `'${text}' is no share. Write a number from 0 to 100 and %, such as 10 %.`,
      );
      return z.NEVER;
    }
    return Number(percent) / 100;
  });

/** A file in a folder of the pipeline. */
export const pathOf = (folder: string, ending: string): z.ZodString => {
  const error = `Write the path of a file in ${folder}/, such as ${folder}/name${ending}.`;
  return z.string({ error }).regex(new RegExp(`^${folder}/[^/\\\\]+$`), error);
};

const TYPES: Readonly<Record<string, string>> = {
  string: "Write a text.",
  boolean: "Write true or false.",
  number: "Write a number.",
  int: "Write a whole number.",
  array: "Write a list, such as [a, b].",
  object: "Write keys, each with its value.",
  record: "Write names, each with its keys.",
};

/** What to write where a grammar has no words of its own: an author never reads those of the library. */
export const wordsOf: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      return TYPES[issue.expected] ?? "Write another value.";
    case "invalid_value":
      return `Write ${issue.values.map(String).join(" or ")}.`;
    case "too_small":
      return `Write ${issue.minimum} or more.`;
    case "too_big":
      return `Write ${issue.maximum} or less.`;
    default:
      return "Write another value.";
  }
};
