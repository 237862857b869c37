import rhea, { type Connection, type EventContext } from "rhea";

/** Asks a node of the namespace (`$cbs`, `$management`) and waits for the answer. */
export type Ask = (
  properties: Readonly<Record<string, unknown>>,
  body: unknown,
) => Promise<Answer>;

interface Answer {
  readonly status: number;
  readonly description: string;
  readonly body: unknown;
}

const CREDIT = 100;

/** Opens a pair of links for requests and their answers. */
export function requestsTo(connection: Connection, node: string): Ask {
  const waiting = new Map<string, (answer: Answer) => void>();
  const replyTo = `${node}-${rhea.generate_uuid()}`;
  const sender = connection.open_sender({ target: { address: node } });
  const receiver = connection.open_receiver({
    name: replyTo,
    source: { address: node },
    target: { address: replyTo },
    credit_window: 0,
    autoaccept: true,
  });
  receiver.add_credit(CREDIT);
  receiver.on("message", ({ message }: EventContext) => {
    receiver.add_credit(1);
    if (message === undefined) return;
    const { "status-code": status, "status-description": description } =
      message.application_properties ?? {};
    const id = String(message.correlation_id);
    waiting.get(id)?.({
      status: Number(status),
      description: String(description ?? ""),
      body: message.body as unknown,
    });
    waiting.delete(id);
  });
  return (properties, body) =>
    new Promise((resolve) => {
      const id = rhea.generate_uuid();
      waiting.set(id, resolve);
      sender.send({
        message_id: id,
        reply_to: replyTo,
        application_properties: properties,
        body,
      });
    });
}
