import type { IncomingMessage } from "node:http";

/**
 * The whole body; undefined when it is larger than the limit. The rest of such a body is read and not kept: a caller
 * that is cut off while it sends does not hear the answer.
 */
export async function bodyUpTo(
  request: IncomingMessage,
  limitBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limitBytes) chunks.push(chunk);
  }
  if (size > limitBytes) return undefined;
  const [only] = chunks;
  return chunks.length === 1 ? only : Buffer.concat(chunks);
}
