import type {
  DocumentWrite,
  Store,
  StoredDocument,
  WriteAnswer,
} from "../../../src/adapters/cosmos/index.ts";

export interface MemoryStore extends Store {
  readonly documents: Map<string, StoredDocument>;
  /** Which container is behind a name; another id than before is a container that was made anew. */
  containers: (name: string) => string | undefined;
  /** What the store refuses, before it looks further. */
  refuses: (container: string, write: DocumentWrite) => WriteAnswer | undefined;
  /** The most that `findOlder` gives at once: Cosmos DB's pages may be shorter than asked for. */
  pageOfOlder: number;
}

/** The serving store in memory: create, and patch on condition of the fence. */
export function memoryStore(): MemoryStore {
  const documents = new Map<string, StoredDocument>();
  let writes = 0;
  const write = (
    container: string,
    { kind, document }: DocumentWrite,
  ): number => {
    const name = `${container}/${document.partition}/${document.id}`;
    const known = documents.get(name);
    if (kind === "create" && known) return 409;
    if (kind === "patch" && !known) return 404;
    if (known && known.fence > document.fence) return 412;
    writes += 1;
    documents.set(name, { ...document, _etag: `"${writes}"` });
    return kind === "create" ? 201 : 200;
  };
  return {
    documents,
    containers: (name) => `rid-of-${name}`,
    refuses: () => undefined,
    pageOfOlder: Infinity,
    read: (container, partition, id, etag) => {
      const found = documents.get(`${container}/${partition}/${id}`);
      return Promise.resolve(
        found && found._etag === etag ? "unchanged" : found,
      );
    },
    page: (container, { partition, idPrefix, after, limit }) =>
      Promise.resolve(
        [...documents]
          .filter(([name, { id, deleted }]) => {
            const isThere = name.startsWith(`${container}/${partition}/`);
            return isThere && !deleted && id.startsWith(idPrefix) && id > after;
          })
          .map(([, document]) => document)
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .slice(0, limit),
      ),
    write(container, all) {
      const answers = all.map(
        (each) =>
          this.refuses(container, each) ?? {
            status: write(container, each),
            substatus: 0,
          },
      );
      return Promise.resolve(answers);
    },
    findContainer(name) {
      return Promise.resolve(this.containers(name));
    },
    findOlder(container, fence, limit) {
      const found = [...documents].filter(
        ([name, document]) =>
          name.startsWith(`${container}/`) &&
          !document.deleted &&
          document.fence < fence,
      );
      return Promise.resolve(
        found
          .slice(0, Math.min(limit, this.pageOfOlder))
          .map(([, { partition, id }]) => ({ partition, id })),
      );
    },
  };
}
