import type { Provision } from "../../service.ts";
import type { Account } from "./state.ts";
import { containerDefinition } from "./store/definition.ts";

/** Creates what an operator creates on Azure. What is there already keeps its documents. */
export function provision(
  account: Account,
  { database: name, containers }: Provision["cosmos"],
): void {
  if (containers.length === 0 && name === "") return;
  const database = account.databases.get(name) ?? account.createDatabase(name);
  for (const wanted of containers) {
    const definition = containerDefinition({
      id: wanted.name,
      partitionKey: { paths: [wanted.partitionKey], kind: "Hash", version: 2 },
      defaultTtl: wanted.defaultTtlSeconds,
    });
    const existing = database.containers.get(wanted.name);
    if (!existing) account.createContainer(database, definition);
    else if (existing.store.definition.defaultTtl !== definition.defaultTtl)
      account.replaceContainer(existing, definition);
  }
}
