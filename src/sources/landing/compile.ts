import { z } from "zod";
import type { LandingSource } from "../../domain/definition.ts";
import { csvYaml, type CsvYaml } from "./csv.ts";
import type { LandingYaml } from "./yaml.ts";

export const compile = (
  {
    landing: folder,
    trigger,
    format,
    csv,
    on_redrop: onRedrop,
    on_repeated_key: onRepeatedKey,
  }: LandingYaml,
  contract: object,
): LandingSource => ({
  kind: "landing",
  input: "files",
  folder,
  trigger,
  format:
    format === "csv"
      ? csvFormat(csv ?? csvYaml(z).parse({}))
      : { kind: format },
  onRedrop,
  onRepeatedKey,
  contract: { ...contract },
});

const csvFormat = ({
  delimiter,
  quote,
  encoding,
  header,
  skip_lines: skipLines,
  decimal,
}: CsvYaml): LandingSource["format"] => ({
  kind: "csv",
  delimiter: delimiter === "tab" ? "\t" : delimiter,
  ...(quote === "none" ? {} : { quote }),
  encoding,
  ...(header === true ? {} : { columns: header }),
  skipLines,
  decimal,
});
