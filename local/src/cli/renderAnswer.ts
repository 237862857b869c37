import { renderRows } from "./rows.ts";

/** An answer of the app's API, as its OpenAPI document says. */
interface Answer {
  readonly value?: Readonly<Record<string, unknown>>;
  readonly items?: readonly {
    readonly value: Readonly<Record<string, unknown>>;
  }[];
  readonly continuation?: string;
  readonly asOf?: { readonly batch: number };
}

interface Problem {
  readonly code?: string;
  readonly whatToDo?: string;
}

/** A question and its answer for a terminal: rows as a table, a refusal in a sentence. */
export function renderAnswer(
  question: string,
  status: number,
  body: unknown,
  width: number,
): string {
  if (status !== 200) {
    const { code = "", whatToDo = "" } = (body ?? {}) as Problem;
    return `GET ${question}\n  ${status} ${code}: ${whatToDo}`;
  }
  const { value, items, continuation, asOf } = body as Answer;
  const values =
    value === undefined ? (items ?? []).map((one) => one.value) : [value];
  const columns = [...new Set(values.flatMap((one) => Object.keys(one)))];
  const rows = values.map((one) => columns.map((name) => textOf(one[name])));
  const table = renderRows(columns, rows, width - 2)
    .split("\n")
    .slice(0, -1)
    .map((line) => (line === "" ? "" : `  ${line}`));
  const batch = asOf === undefined ? "" : `, as of batch ${asOf.batch}`;
  return [
    `GET ${question}${batch}`,
    ...table,
    ...(continuation === undefined ? [] : ["  … more, by its continuation"]),
  ].join("\n");
}

const textOf = (value: unknown): string | null =>
  value === undefined || value === null
    ? null
    : typeof value === "string"
      ? value
      : JSON.stringify(value);
