/** How many lines are written at once, and how many characters of them: that much is in memory. */
const MOST_LINES = 1_000;
const MOST_CHARACTERS = 4_000_000;

/** Lines in groups, in their order. A line beyond the limit is a group of its own. */
export async function* chunksOf(
  lines: AsyncIterable<string>,
): AsyncGenerator<string[]> {
  let chunk: string[] = [];
  let characters = 0;
  for await (const line of lines) {
    if (line === "") continue;
    const isFull =
      chunk.length >= MOST_LINES || characters + line.length > MOST_CHARACTERS;
    if (isFull && chunk.length > 0) {
      yield chunk;
      chunk = [];
      characters = 0;
    }
    chunk.push(line);
    characters += line.length;
  }
  if (chunk.length > 0) yield chunk;
}
