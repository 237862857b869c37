import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Type } from "./cells.ts";
import type { Column } from "./judge.ts";

interface Contract {
  readonly required?: readonly string[];
  readonly properties: Readonly<
    Record<
      string,
      {
        readonly type: string | readonly string[];
        readonly format?: string;
      }
    >
  >;
}

/** The columns of a contract of the proof's own pipelines. */
export function readContract(pipeline: string, name: string): Column[] {
  const path = join(
    import.meta.dirname,
    "../pipelines",
    pipeline,
    "contracts",
    `${name}.schema.json`,
  );
  const { required = [], properties } = JSON.parse(
    readFileSync(path, "utf8"),
  ) as Contract;
  return Object.entries(properties).map(([property, keywords]) => {
    const types = [keywords.type].flat();
    return {
      property,
      type: types.find((type) => type !== "null") as Type,
      isRequired: required.includes(property),
      isNullable: types.includes("null"),
      isInstant: keywords.format === "date-time",
    };
  });
}
