import type {
  DocumentWrite,
  Store,
  StoredDocument,
} from "../../../src/adapters/cosmos/index.ts";

export interface MemoryStore extends Store {
  readonly documents: Map<string, StoredDocument>;
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
    write: (container, writes) =>
      Promise.resolve(writes.map((each) => write(container, each))),
  };
}
