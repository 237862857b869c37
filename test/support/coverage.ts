import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as prettier from "prettier";
import type { Witness } from "../../local/src/shared/witness.ts";

/** What clients call themselves, and how the tables name them: the first that fits. */
const CLIENTS: readonly (readonly [RegExp, string])[] = [
  [/adlfs/i, "adlfs"],
  [/^azsdk-python/i, "Python"],
  [/^azsdk-js|^MSJSClient|azure-cosmos-js/i, "JavaScript"],
  [/databricks-sdk-py/i, "Python"],
  [/databricks-sdk-js/i, "JavaScript"],
  [/deltalake|object_store/i, "deltalake"],
];

const clientOf = (agent: string): string | undefined =>
  CLIENTS.find(([pattern]) => pattern.test(agent))?.[1];

/** Gathers which clients have seen which operations work. */
export class Witnesses {
  readonly #seen = new Map<string, Set<string>>();
  /** The client that says nothing of itself: Python's of Event Hubs does not always. */
  unnamed = "no SDK";

  /** To be given to a service as its context's `witness`. */
  readonly record: Witness = (operation, agent) => {
    const clients = this.#seen.get(operation) ?? new Set();
    this.#seen.set(operation, clients.add(clientOf(agent) ?? this.unnamed));
  };

  of(operation: string): readonly string[] {
    return [...(this.#seen.get(operation) ?? [])].sort();
  }

  get operations(): readonly string[] {
    return [...this.#seen.keys()].sort();
  }
}

interface Row {
  /** As the first column has it, without backticks. */
  readonly operation: string;
  readonly covered: string;
  readonly note: string;
  readonly witnesses: string;
}

interface Page {
  readonly rows: readonly Row[];
  /** As it ought to be: people write operation, answer and note, the witnesses are those of this run. */
  readonly wanted: string;
  /** As it is: `npm test -- coverage` makes it what is wanted. */
  readonly written: string;
}

interface Coverage {
  readonly service: string;
  /** Of the table on the page, where it has several. */
  readonly heading?: string;
  readonly witnesses: Witnesses;
  readonly done: readonly string[];
  /** Absent where the page may name what it likes. */
  readonly refused?: readonly string[];
}

/** COVERAGE.md says yes or partly of each operation that is done, with who has seen it work, and no of all others. */
export async function expectCoverage({
  service,
  heading,
  witnesses,
  done,
  refused,
}: Coverage): Promise<void> {
  const { rows, wanted, written } = await coveragePage(
    service,
    witnesses,
    heading,
  );
  expect(written).toBe(wanted);
  const named = (isRefused: boolean): string[] =>
    rows
      .filter(({ covered }) => (covered === "no") === isRefused)
      .map(({ operation }) => operation)
      .sort();
  expect(named(false)).toEqual(once(done));
  if (refused) expect(named(true)).toEqual(once(refused));
  for (const { operation, covered, witnesses: seen } of rows) {
    expect(["yes", "partly", "no"]).toContain(covered);
    expect([operation, seen === ""]).toEqual([operation, covered === "no"]);
  }
}

/** One operation may answer at several places. */
const once = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** The table below a heading of a service's COVERAGE.md (or the only one), held against what clients did. */
async function coveragePage(
  service: string,
  witnesses: Witnesses,
  heading = "",
): Promise<Page> {
  const path = join(
    import.meta.dirname,
    "../../local/src/services",
    service,
    "COVERAGE.md",
  );
  const written = readFileSync(path, "utf8");
  const from = heading === "" ? 0 : written.indexOf(`\n## ${heading}\n`);
  if (from < 0) throw new Error(`${path} has no heading ${heading}.`);
  const table = /(?:^\|.*\|\n)+/m.exec(written.slice(from))?.[0] ?? "";
  const [, , ...lines] = table.trimEnd().split("\n");
  const rows = lines.map((line) => rowOf(line, witnesses));
  const made = [
    "| operation | covered | note | seen to work by |",
    "| - | - | - | - |",
    ...rows.map(
      ({ operation, covered, note, witnesses: seen }) =>
        `| ${operation} | ${covered} | ${note} | ${seen} |`,
    ),
  ];
  const wanted = await prettier.format(
    written.slice(0, from) +
      written.slice(from).replace(table, () => `${made.join("\n")}\n`),
    { filepath: path },
  );
  const isToBeWritten = process.env["ASSAY_WRITE_COVERAGE"] !== undefined;
  if (isToBeWritten) writeFileSync(path, wanted);
  return { rows, wanted, written: isToBeWritten ? wanted : written };
}

function rowOf(line: string, witnesses: Witnesses): Row {
  const [, operation = "", covered = "", note = ""] = line
    .split("|")
    .map((cell) => cell.trim());
  const name = operation.replaceAll("`", "");
  return {
    operation: name,
    covered,
    note,
    witnesses: witnesses.of(name).join(", "),
  };
}
