/**
 * The bytes that stand for a body which is no data: of a value that is text or binary its own, of any other value and
 * of sequences their JSON. Of a message that cannot be read, itself: the contract then says what is wrong with it.
 * Integers beyond 2^53 within such a value become texts.
 */
export async function decodeBody(message: Buffer): Promise<Buffer> {
  const { default: rhea } = await import("rhea");
  try {
    const { body } = rhea.message.decode(message) as { body?: unknown };
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

/** How rhea gives data and sequences; a value it gives as it is. */
const isSection = (body: unknown): body is { readonly content: unknown } =>
  typeof body === "object" && body !== null && "typecode" in body;

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, plain(inner)]),
  );
}
