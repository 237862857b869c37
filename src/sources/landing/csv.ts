import type { z as zod } from "zod";
import type { SourceMistake } from "../kind.ts";
import { ENCODINGS } from "../../domain/formats.ts";

const DELIMITER =
  "Write one character other than a quote or a line break, such as ';', or tab.";
const QUOTE = 'Write one character, such as "\'", or none.';
const LINES = "Write a number of lines, 0 at least.";
const HEADER =
  "Write true where the files have a header, or the names of their columns, such as [id, name].";

/** The options of `format: csv`. */
export const csvYaml = (z: typeof zod) =>
  z.strictObject(
    {
      delimiter: z
        .string({ error: DELIMITER })
        .regex(/^(?:tab|[^"\r\n])$/, { error: DELIMITER })
        .default(","),
      quote: z
        .string({ error: QUOTE })
        .regex(/^(?:none|[^\r\n])$/, { error: QUOTE })
        .default('"'),
      encoding: z
        .enum(ENCODINGS, { error: `Write one of: ${ENCODINGS.join(", ")}.` })
        .default("utf-8"),
      header: z
        .union([z.literal(true), z.array(z.string()).min(1, HEADER)], {
          error: HEADER,
        })
        .default(true),
      skip_lines: z.int({ error: LINES }).min(0, LINES).default(0),
      decimal: z.enum([".", ","], { error: "Write '.' or ','." }).default("."),
    },
    { error: "Write the options of the files, such as delimiter: ';'." },
  );

export type CsvYaml = zod.infer<ReturnType<typeof csvYaml>>;

/** What is wrong although each option is right. */
export function csvMistakes(csv: CsvYaml, contract: object): SourceMistake[] {
  const { delimiter, quote, decimal, header } = csv;
  const found: SourceMistake[] = [];
  const add = (key: keyof CsvYaml, message: string): void => {
    found.push({ path: ["csv", key], message });
  };
  if (quote === delimiter)
    add("quote", "is the delimiter, too. Write another character, or none.");
  if (decimal === delimiter && quote === "none")
    add(
      "decimal",
      "is the delimiter, too, and nothing quotes. Write another delimiter.",
    );
  if (header === true) return found;
  for (const name of requiredOf(contract))
    if (!header.includes(name))
      add(
        "header",
        `lacks ${name}, which the contract requires. Write the names of all columns, in their order.`,
      );
  const twice = header.find((name, at) => header.indexOf(name) < at);
  if (twice !== undefined && twice !== "")
    add("header", `has ${twice} twice. Write each name once.`);
  return found;
}

const requiredOf = (contract: object): readonly string[] => {
  const { required } = contract as { required?: unknown };
  return Array.isArray(required)
    ? required.filter((name) => typeof name === "string")
    : [];
};
