/** The answers of the API, each number with the digits that it came with. */
import type { Clients } from "../../../local/src/platform/clients.ts";
import { functionKey } from "../../../local/src/shared/keys.ts";
import {
  booleanCell,
  doubleCell,
  integerCell,
  integerOf,
  NULL,
  textCell,
  type Cell,
  type Cells,
} from "./oracle/cells.ts";
import { isDigits, parseExactly } from "./oracle/exactJson.ts";

interface Page {
  readonly items: readonly {
    readonly value: Readonly<Record<string, unknown>>;
  }[];
  readonly continuation?: string;
}

export class Served {
  readonly #url: string;
  readonly #key: string;

  constructor({ functionsUrl }: Clients, stateDir: string) {
    this.#url = functionsUrl;
    this.#key = functionKey(stateDir);
  }

  /** Every row of a table whose key begins with `first`. */
  async partition(
    pipeline: string,
    table: string,
    first: string,
    doubles: readonly string[],
  ): Promise<Cells[]> {
    const rows: Cells[] = [];
    let continuation = "";
    do {
      const query = new URLSearchParams({
        key: JSON.stringify([first]),
        limit: "1000",
      });
      if (continuation !== "") query.set("continuation", continuation);
      const { status, body } = await this.ask(
        `/api/insights/${pipeline}/${table}?${query.toString()}`,
      );
      if (status !== 200)
        throw new Error(
          `${pipeline} ${table} ${first}: ${status} ${JSON.stringify(body)}`,
        );
      const page = body as Page;
      rows.push(...page.items.map(({ value }) => cellsOfValue(value, doubles)));
      continuation = page.continuation ?? "";
    } while (continuation !== "");
    return rows;
  }

  /** One row by its whole key, which stands in the query or in the path. */
  async row(
    pipeline: string,
    table: string,
    key: readonly string[],
    place: "query" | "path",
  ): Promise<Cells | number> {
    const path = `/api/insights/${pipeline}/${table}`;
    const asked =
      place === "query"
        ? `${path}?key=${encodeURIComponent(JSON.stringify(key))}`
        : `${path}/${key.map(inPath).join("/")}`;
    const { status, body } = await this.ask(asked);
    if (status !== 200) return status;
    return cellsOfValue((body as Page["items"][number]).value, []);
  }

  async ask(
    path: string,
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const response = await fetch(`${this.#url}${path}`, {
      headers: { "x-functions-key": this.#key },
    });
    return {
      status: response.status,
      body: parseExactly(await response.text()),
    };
  }
}

/** A slash within a part is escaped twice: the API says so. */
const inPath = (part: string): string =>
  encodeURIComponent(part).replaceAll("%2F", "%252F");

/** Keys that no path can hold. */
export const fitsPath = (key: readonly string[]): boolean =>
  key.every((part) => part !== "." && part !== ".." && !/%2f/iu.test(part));

const cellsOfValue = (
  value: Readonly<Record<string, unknown>>,
  doubles: readonly string[],
): Cells =>
  Object.fromEntries(
    Object.entries(value).map(([name, cell]) => [
      name,
      cellOfAnswer(cell, doubles.includes(name)),
    ]),
  );

function cellOfAnswer(value: unknown, isDouble: boolean): Cell {
  if (value === null) return NULL;
  if (typeof value === "string") return textCell(value);
  if (typeof value === "boolean") return booleanCell(value);
  if (!isDigits(value)) return JSON.stringify(value);
  if (isDouble) return doubleCell(Number(value.digits));
  const integer = integerOf(value.digits);
  return integerCell(typeof integer === "bigint" ? integer : value.digits);
}
