/** Files of one source, each a name, its content and what has to become of it. */
import type { FileVector, WantedFile } from "../vectors.ts";
import { anna, bert, wantedRows } from "./rows.ts";

export type Case = readonly [
  name: string,
  content: string | Buffer,
  wanted: WantedFile,
];

export const casesOf = (
  source: string,
  kind: string,
  cases: readonly Case[],
): FileVector[] =>
  cases.map(([name, content, wanted]) => ({
    ...{ kind, source, name: `${name}.csv`, wanted },
    bytes: typeof content === "string" ? Buffer.from(content) : content,
  }));

/** Anna and Bert. */
export const CSV = Buffer.from("id,name\n1,Anna\n2,Bert\n");
export const both = wantedRows(anna, bert);
export const one = wantedRows(anna);
/** A first row of this name, and Bert. */
export const named = (name: string): WantedFile =>
  wantedRows({ id: "1", name }, bert);
