import { once } from "node:events";
import rhea, { type EventContext } from "rhea";
import { sharedKey } from "../../../local/src/shared/keys.ts";
import {
  receive,
  sendAll,
  type LocalEventHubs,
} from "../../support/eventHubs.ts";

/** Every operation by the JavaScript SDK, and the login by a client that is not Microsoft's. */
export async function useEventHubsFromJavaScript(
  hubs: LocalEventHubs,
): Promise<void> {
  const producer = hubs.producer("flights");
  const consumer = hubs.consumer("flights");
  await producer.getEventHubProperties();
  await producer.getPartitionProperties("0");
  await sendAll(producer, [{ body: "from JavaScript" }], { partitionId: "0" });
  await receive(consumer, { partitionId: "0", count: 1 });
  await Promise.all([producer.close(), consumer.close()]);
  await logInPlainly(hubs, sharedKey(hubs.stateDir));
}

/** Logs in with the rule's name and key, and sends an event. Fails when the service refuses either. */
export async function logInPlainly(
  { port }: LocalEventHubs,
  password: string,
): Promise<void> {
  const container = rhea.create_container({ id: "a client that knows no CBS" });
  const connection = container.connect({
    host: "127.0.0.1",
    port,
    transport: "tls",
    username: "Root",
    password,
    reconnect: false,
    rejectUnauthorized: false,
  });
  const failed = new Promise<never>((_, reject) => {
    const fail = ({ sender, error }: EventContext): void => {
      const { message, description } = (sender?.error ?? error ?? {}) as {
        message?: string;
        description?: string;
      };
      reject(new Error(message ?? description ?? "The connection was lost."));
    };
    for (const event of ["connection_error", "sender_error", "disconnected"])
      connection.on(event, fail);
  });
  const sender = connection.open_sender("flights/Partitions/1");
  await Promise.race([once(sender, "sendable"), failed]);
  sender.send({ body: Buffer.from("plainly") });
  await Promise.race([once(sender, "accepted"), failed]);
  connection.close();
  await Promise.race([once(connection, "connection_close"), failed]);
}
