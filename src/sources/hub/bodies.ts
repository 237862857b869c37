import { decodeBody } from "../../adapters/eventHubs/decodeBody.ts";
import { dataOf } from "../../domain/amqpMessage.ts";

/** A whole AMQP message, as the host gives it where the binding is deferred (`sdkBinding`). */
interface BoundMessage {
  readonly content: Uint8Array;
}

/**
 * The bodies of a delivery. The binding to bytes fails for a body that is an AMQP value or sequence, as older senders
 * write, and the host gives that delivery again for ever; so the function binds whole messages. A host that does not
 * know how gives the bodies.
 */
export async function bodiesOf(input: unknown): Promise<Buffer[]> {
  const given = input as readonly (Buffer | BoundMessage)[];
  return Promise.all(
    given.map(async (one) => {
      if (one instanceof Uint8Array) return one;
      const { buffer, byteOffset, byteLength } = one.content;
      const message = Buffer.from(buffer, byteOffset, byteLength);
      return dataOf(message) ?? decodeBody(message);
    }),
  );
}
