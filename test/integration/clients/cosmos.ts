import { BulkOperationType } from "@azure/cosmos";
import { inOneRequest, type LocalCosmos } from "../../support/cosmos.ts";

/** Every operation of the account that the JavaScript SDK does. */
export async function useCosmosFromJavaScript(
  cosmos: LocalCosmos,
): Promise<void> {
  const client = cosmos.withKey();
  const { database } = await client.databases.create({ id: "javascript" });
  await client.databases.readAll().fetchAll();
  await client.databases.query("SELECT * FROM d").fetchAll();
  await client.offers.readAll().fetchAll();
  await database.read();
  const partitionKey = { paths: ["/partition"] };
  const definition = { id: "items", partitionKey };
  const { container } = await database.containers.create(definition);
  await database.containers.readAll().fetchAll();
  await database.containers.query({ query: "SELECT * FROM c" }).fetchAll();
  await container.replace({ ...definition, defaultTtl: 60 });
  await container.read();
  await useItems(container);
  await container.delete();
  await database.delete();
}

type Container = Awaited<ReturnType<LocalCosmos["aContainer"]>>;

async function useItems(container: Container): Promise<void> {
  const body = { id: "a", partition: "p" };
  const { item } = await container.items.create(body);
  await container.items.upsert(body);
  await item.read();
  await item.replace(body);
  await item.patch([{ op: "set", path: "/n", value: 1 }]);
  await container.items.query("SELECT * FROM c").fetchAll();
  await container.items
    .query("SELECT * FROM c", { enableQueryControl: true })
    .fetchAll();
  await container.items.readAll().fetchAll();
  await container.items.getChangeFeedIterator().readNext();
  await container.items.batch(
    [{ operationType: BulkOperationType.Read, id: "a" }],
    "p",
  );
  await inOneRequest(container, [
    { operationType: BulkOperationType.Read, id: "a", partitionKey: "p" },
  ]);
  await item.delete();
}
