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
  const bodies: Buffer[] = [];
  // A promise for each of thousands of events would cost more than reading them: few bodies need one.
  for (const one of input as readonly (Buffer | BoundMessage)[])
    if (one instanceof Uint8Array) bodies.push(one);
    else {
      const message = messageOf(one);
      bodies.push(dataOf(message) ?? (await decodeBody(message)));
    }
  return bodies;
}

const messageOf = ({ content }: BoundMessage): Buffer =>
  Buffer.from(content.buffer, content.byteOffset, content.byteLength);
