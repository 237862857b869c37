import type { Typed } from "rhea";
import { encodedBodyOf } from "../../domain/amqpMessage.ts";

/**
 * The bytes that stand for a body which is no data: of a value that is text or binary its own, of any other value and
 * of sequences their JSON. Of a message that cannot be read, itself: the contract then says what is wrong with it.
 * Integers beyond 2^53 within such a value become texts, and of a described value the description is left out.
 *
 * What it makes of a message may not change: bronze tells events by their bodies, and an event that the next version
 * read otherwise would be another one at its position, which stops the partition. Its encoding is no better a mark of
 * an event: the host encodes it anew each time.
 */
export async function decodeBody(message: Buffer): Promise<Buffer> {
  const encoded = encodedBodyOf(message);
  if (!encoded) return message;
  const { default: rhea } = await import("rhea");
  const plain = (value: unknown): unknown => {
    if (value instanceof Uint8Array)
      return Buffer.from(value).toString("base64");
    if (value instanceof Date) return value;
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    if (isTyped(value)) return plain(rhea.types.unwrap(value));
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, plain(inner)]),
    );
  };
  try {
    const { body } = rhea.message.decode(encoded) as { body?: unknown };
    const value = isSection(body) ? body.content : body;
    if (typeof value === "string") return Buffer.from(value);
    if (value instanceof Uint8Array) return Buffer.from(value);
    return value === undefined
      ? Buffer.alloc(0)
      : Buffer.from(JSON.stringify(plain(value)));
  } catch {
    return message;
  }
}

/** A map has members of its own only, whatever they are called; what rhea makes has methods. */
const hasMethod = (value: unknown, name: string): value is object =>
  typeof value === "object" &&
  value !== null &&
  name in value &&
  !Object.hasOwn(value, name);

/** How rhea gives sequences; a value it gives as it is. */
const isSection = (body: unknown): body is { readonly content: unknown } =>
  hasMethod(body, "collect_sections");

/** How rhea gives a described value within another value. */
const isTyped = (value: unknown): value is Typed =>
  hasMethod(value, "toRheaTyped");
