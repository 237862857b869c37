import type { Clients } from "../platform/clients.ts";
import { readProvision } from "../platform/context.ts";
import { readFolders } from "../platform/folders.ts";

/** What is served now, by the path that a reader asks. A laptop holds all of it in memory. */
export type Answers = ReadonlyMap<string, string>;

interface Stored {
  readonly partition: string;
  readonly id: string;
  readonly value: unknown;
}

const LIVE =
  "SELECT c.partition, c.id, c['value'] FROM c WHERE NOT IS_DEFINED(c.deleted) OR c.deleted = false";

export async function snapshotAnswers(
  { cosmos }: Clients,
  pipeline: string,
): Promise<Answers> {
  const { cosmos: provision } = readProvision(readFolders().projectDir);
  const answers = new Map<string, string>();
  for (const { name } of provision.containers.filter((container) =>
    container.name.startsWith(`${pipeline}_`),
  )) {
    const table = name.slice(pipeline.length + 1);
    const { resources } = await cosmos
      .database(provision.database)
      .container(name)
      .items.query<Stored>(LIVE)
      .fetchAll();
    for (const { partition, id, value } of resources) {
      const key =
        id === partition
          ? partition
          : `${partition}/${id.replaceAll(":", "/")}`;
      answers.set(
        `/api/insights/${pipeline}/${table}/${key}`,
        JSON.stringify(value),
      );
    }
  }
  return answers;
}

/** The answers that differ from an earlier snapshot. */
export async function changedAnswers(
  clients: Clients,
  pipeline: string,
  before: Answers,
): Promise<{ path: string; was: string; is: string }[]> {
  const now = await snapshotAnswers(clients, pipeline);
  return [...new Set([...before.keys(), ...now.keys()])]
    .map((path) => ({
      path,
      was: before.get(path) ?? "nothing",
      is: now.get(path) ?? "nothing",
    }))
    .filter(({ was, is }) => was !== is);
}
