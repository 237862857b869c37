import type { z as zod } from "zod";
import { ENCODINGS } from "../../domain/schemas/definition.ts";

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
        .union([z.literal(true), z.array(z.string()).min(1)], { error: HEADER })
        .default(true),
      skip_lines: z.int({ error: LINES }).min(0, LINES).default(0),
      decimal: z.enum([".", ","], { error: "Write '.' or ','." }).default("."),
    },
    { error: "Write the options of the files, such as delimiter: ';'." },
  );

export type CsvYaml = zod.infer<ReturnType<typeof csvYaml>>;
