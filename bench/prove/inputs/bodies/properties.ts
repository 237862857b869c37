/** The names of properties, in events and in the header of a CSV. */
import { quoted } from "../files/generatedCsv.ts";
import { NULL, textCell, type Cells } from "../oracle/cells.ts";
import { escaped } from "../oracle/judge.ts";
import { propertyNames } from "../propertyNames.ts";
import type { EventVector, FileVector } from "../vectors.ts";
import { event } from "./event.ts";

const valueOf = (column: string): string => `of ${column}`;

/** Of a row that has these properties, and no other. */
const cellsOf = (names: typeof propertyNames): Cells =>
  Object.fromEntries([
    ...propertyNames.map(([, column]) => [column, NULL] as const),
    ...names.map(([, column]) => [column, textCell(valueOf(column))] as const),
  ]);

/** All names at once, then each alone with a value that its type does not have. */
export function names(): EventVector[] {
  const all = Object.fromEntries(
    propertyNames.map(([property, column]) => [property, valueOf(column)]),
  );
  return [
    event("property", "all of them", JSON.stringify(all), {
      accepted: cellsOf(propertyNames),
    }),
    event("property", "none of them", "{}", { accepted: cellsOf([]) }),
    ...propertyNames.map(([property]) =>
      event(
        "property",
        JSON.stringify(property.slice(0, 40)),
        `{${JSON.stringify(property)}:1}`,
        {
          refused: new RegExp(`^${escaped(property)}: type string$`, "su"),
          place: property,
        },
      ),
    ),
  ];
}

/** One row under a header of all names that a CSV can hold, quoted where they have to be. */
export function namedColumns(): FileVector[] {
  const inCsv = propertyNames.filter(
    ([property]) =>
      property.trim() === property && !property.includes("\u0000"),
  );
  const line = (texts: readonly string[]): string =>
    `${texts.map(quoted).join(",")}\r\n`;
  const text =
    line(inCsv.map(([property]) => property)) +
    line(inCsv.map(([, column]) => valueOf(column)));
  return [
    {
      ...{ kind: "property", source: "named", name: "all names.csv" },
      bytes: Buffer.from(text),
      wanted: { rows: [{ accepted: cellsOf(inCsv) }] },
    },
  ];
}
