/** Rows that are documents by odd keys, that cannot be named, or that are too large: each alone is what is asked for or set aside. */
import { numberOf, textOf } from "./readTables.ts";
import { compareAnswer, short, type Judge } from "./compareRows.ts";
import { integerCell, textCell } from "./oracle/cells.ts";
import { fitsPath } from "./served.ts";

const MAX_ID_BYTES = 1_023;
const MAX_PARTITION_BYTES = 2_048;

/** Each byte that is not plain takes three. https://learn.microsoft.com/azure/cosmos-db/concepts-limits */
const nameBytes = (text: string): number =>
  [...Buffer.from(text)].reduce(
    (sum, byte) =>
      sum + (/[A-Za-z0-9._-]/u.test(String.fromCharCode(byte)) ? 1 : 3),
    0,
  );

const canBeNamed = (text: string, note: string): boolean =>
  text !== "" &&
  note !== "" &&
  nameBytes(text) <= MAX_PARTITION_BYTES &&
  nameBytes(note) <= MAX_ID_BYTES;

export const judgeKeys: Judge = async (tally, served, rows) => {
  let unusable = 0;
  for (const row of rows("texts")) {
    const [text, note] = [textOf(row, "text"), textOf(row, "note")];
    const key = [text, note];
    if (!canBeNamed(text, note)) {
      unusable += 1;
      continue;
    }
    const wanted = {
      ...{ text: textCell(text), note: textCell(note) },
      sequence: integerCell(String(numberOf(row, "_sequence"))),
      characters: integerCell(String(Array.from(text).length)),
    };
    for (const place of ["query", "path"] as const) {
      if (
        place === "path" &&
        (!fitsPath(key) || text.length > 500 || note.length > 500)
      )
        continue;
      const found = await served.row("oddities", "texts", key, place);
      for (const failure of compareAnswer(wanted, found))
        tally.fail(
          `The key ${short(JSON.stringify(key))} in the ${place}: ${failure}.`,
        );
    }
  }
  const { body } = await served.ask("/api/batches/oddities");
  const { batches } = body as {
    readonly batches: readonly {
      readonly tables?: Readonly<
        Record<
          string,
          {
            readonly refused: Readonly<
              Record<string, { readonly digits: string }>
            >;
          }
        >
      >;
    }[];
  };
  const refused = Object.values(
    batches[0]?.tables?.["texts"]?.refused ?? {},
  ).reduce((sum, { digits }) => sum + Number(digits), 0);
  if (refused !== unusable)
    tally.fail(
      `${unusable} texts are no key of a document, and gold has refused ${refused}.`,
    );
};

/** What is too large for a document is set aside alone. */
export const judgeNotes: Judge = async (tally, served, rows) => {
  for (const [device, isThere] of [
    ["small", true],
    ["fits", true],
    ["large", false],
  ] as const) {
    const found = await served.row("oddities", "notes", [device], "query");
    const wanted = rows("notes").filter(
      (row) => textOf(row, "device") === device,
    );
    if (!isThere) {
      if (found !== 404)
        tally.fail(`The document of ${device} is too large, and is served.`);
    } else if (typeof found === "number")
      tally.fail(`The document of ${device} is not served: ${found}.`);
    else if (
      found["text"] !==
      textCell(
        wanted
          .map((row) => textOf(row, "note"))
          .sort()
          .join(""),
      )
    )
      tally.fail(`The document of ${device} has another text.`);
  }
  const { body } = await served.ask("/api/pipelines/oddities");
  const { sinks } = body as {
    readonly sinks: Readonly<
      Record<string, { readonly refused: { readonly digits: string } }>
    >;
  };
  const refused = sinks["cosmos"]?.refused.digits;
  if (refused !== "1")
    tally.fail(
      `One document is refused, and the sink counts ${refused ?? "none"}.`,
    );
};
