import type { CosmosClient } from "@azure/cosmos";

/** What Cosmos serves of one table. */
export interface Documents {
  /** A COUNT that Cosmos made. */
  readonly count: number;
  /** `<partition>:<id>` of each document. */
  readonly names: ReadonlySet<string>;
}

const LIVE = "NOT IS_DEFINED(c.deleted) OR c.deleted = false";

export async function readDocuments(
  cosmos: CosmosClient,
  database: string,
  container: string,
): Promise<Documents> {
  const { items } = cosmos.database(database).container(container);
  const counted = await items
    .query<number>(`SELECT VALUE COUNT(1) FROM c WHERE ${LIVE}`)
    .fetchAll();
  const named = await items
    .query<{ partition: string; id: string }>(
      `SELECT c.partition, c.id FROM c WHERE ${LIVE}`,
    )
    .fetchAll();
  return {
    count: counted.resources[0] ?? 0,
    names: new Set(
      named.resources.map(({ partition, id }) => `${partition}:${id}`),
    ),
  };
}

/** The name of the document of a key. Written a second time on purpose: the reader shares no code with the writer. */
export function documentName(key: readonly string[]): string {
  const encoded = key.map((part) =>
    part === "." || part === ".."
      ? part.replaceAll(".", "~2E")
      : encodeBytes(part),
  );
  const [partition = "", ...rest] = encoded;
  return `${partition}:${rest.length === 0 ? partition : rest.join(":")}`;
}

const encodeBytes = (part: string): string =>
  [...Buffer.from(part, "utf8")]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9._-]/.test(character)
        ? character
        : `~${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
