const NEWLINE = 0x0a;

/**
 * The lines of a text in UTF-8, as its bytes come. Only a newline ends one: JSON may hold the other separators of
 * lines. Holds one line and one piece of the stream in memory.
 */
export async function* linesOf(
  pieces: AsyncIterable<unknown>,
): AsyncGenerator<string> {
  let open: Buffer[] = [];
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece as Uint8Array);
    let from = 0;
    for (
      let end = bytes.indexOf(NEWLINE);
      end >= 0;
      end = bytes.indexOf(NEWLINE, from)
    ) {
      open.push(bytes.subarray(from, end));
      yield Buffer.concat(open).toString("utf8");
      open = [];
      from = end + 1;
    }
    if (from < bytes.length) open.push(bytes.subarray(from));
  }
  if (open.length > 0) yield Buffer.concat(open).toString("utf8");
}
