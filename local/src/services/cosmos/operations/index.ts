import type { Operation } from "../request.ts";
import { readAccount } from "./account.ts";
import { executeBatch, executeBulk } from "./batch.ts";
import { readChanges } from "./changeFeed.ts";
import * as containers from "./containers.ts";
import * as databases from "./databases.ts";
import * as items from "./items.ts";
import { listOffers } from "./offers.ts";
import { planQuery, queryItems, readItems } from "./query.ts";

/** Every operation that this service has. `COVERAGE.md` says how far each goes. */
export const operations = {
  readAccount,
  listDatabases: databases.listDatabases,
  queryDatabases: databases.queryDatabases,
  createDatabase: databases.createDatabase,
  readDatabase: databases.readDatabase,
  deleteDatabase: databases.deleteDatabase,
  listContainers: containers.listContainers,
  queryContainers: containers.queryContainers,
  createContainer: containers.createContainer,
  readContainer: containers.readContainer,
  replaceContainer: containers.replaceContainer,
  deleteContainer: containers.deleteContainer,
  listPartitionKeyRanges: containers.listPartitionKeyRanges,
  listOffers,
  createItem: items.createItem,
  upsertItem: items.upsertItem,
  readItem: items.readItem,
  replaceItem: items.replaceItem,
  deleteItem: items.deleteItem,
  patchItem: items.patchItem,
  executeBulk,
  executeBatch,
  queryItems,
  planQuery,
  readItems,
  readChanges,
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

/** What an Entra token may not do: on Azure this is for Resource Manager (Bicep, the portal, the CLI). */
export const controlPlane: ReadonlySet<OperationName> = new Set([
  "createDatabase",
  "deleteDatabase",
  "createContainer",
  "replaceContainer",
  "deleteContainer",
  "listOffers",
]);

/** Parts of the path that name what is left out here, all of it for the control plane on Azure. */
export const notEmulated: Readonly<Record<string, string>> = {
  sprocs: "stored procedures",
  triggers: "triggers",
  udfs: "user-defined functions",
  conflicts: "the conflict feed",
  users: "users",
  permissions: "permissions",
  clientencryptionkeys: "client encryption keys",
  operations: "deletion by partition key",
  attachments: "attachments",
};
