/** What can still be read of a `pipeline.yaml` with mistakes, so that those of its other files are told with them. */
import {
  batching,
  contractPath,
  goldTable,
  NAME,
  source,
  tolerated,
  type FileSource,
  type PipelineFile,
} from "./pipelineFile.ts";

const entriesOf = (section: unknown): [string, unknown][] =>
  typeof section === "object" && section !== null && !Array.isArray(section)
    ? Object.entries(section).filter(([name]) => NAME.test(name))
    : [];

/** Its sources that are right, and all of its tables: a key with a mistake is none. */
export function readablePart(value: unknown): PipelineFile {
  const { sources, gold } = (value ?? {}) as {
    sources?: unknown;
    gold?: unknown;
  };
  return {
    sources: Object.fromEntries(
      entriesOf(sources).flatMap(([name, written]): [string, FileSource][] => {
        const { data } = source.safeParse(written);
        return data === undefined ? [] : [[name, data]];
      }),
    ),
    gold: Object.fromEntries(
      entriesOf(gold).map(([name, written]) => [
        name,
        goldTable.safeParse(written).data ?? {
          ...goldTable.parse({ key: ["any"] }),
          key: [],
        },
      ]),
    ),
    batching: batching.parse({}),
    tolerated: tolerated.parse({}),
  };
}

/** All that are named, right or not. */
export const sourceNames = (value: unknown): string[] =>
  entriesOf(sourcesOf(value)).map(([name]) => name);

/** Where a table has a name that none can have, the SQL that reads it would be blamed for it. */
export function hasOddName(value: unknown): boolean {
  const { gold } = (value ?? {}) as { gold?: unknown };
  return [sourcesOf(value), gold].some(
    (section) =>
      typeof section === "object" &&
      section !== null &&
      Object.keys(section).some((name) => !NAME.test(name)),
  );
}

/** The contracts that sources name, also of sources with mistakes. */
export const contractsOf = (
  value: unknown,
): { readonly name: string; readonly contract: string }[] =>
  entriesOf(sourcesOf(value)).flatMap(([name, written]) => {
    const { data } = contractPath.safeParse(
      (written as { contract?: unknown } | null)?.contract,
    );
    return data === undefined ? [] : [{ name, contract: data }];
  });

const sourcesOf = (value: unknown): unknown =>
  ((value ?? {}) as { sources?: unknown }).sources;
