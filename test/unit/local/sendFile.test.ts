import fc from "fast-check";
import {
  LineTooLong,
  linesOf,
  MAX_LINE_BYTES,
} from "../../../local/src/cli/lines.ts";
import { keyOf } from "../../../local/src/cli/sendFile.ts";

async function* chunked(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += size)
    yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, size: number) {
  const lines: { number: number; line: string }[] = [];
  for await (const { number, line } of linesOf(chunked(bytes, size)))
    lines.push({ number, line: line.toString("latin1") });
  return lines;
}

test("lines are the bytes between line feeds, however the stream is cut; empty ones are left out", async () => {
  const bytes = Buffer.from('{"a":1}\r\n\n\xff\xfe\nlast', "latin1");
  for (let size = 1; size <= bytes.length; size += 1)
    expect(await read(bytes, size)).toEqual([
      { number: 1, line: '{"a":1}' },
      { number: 3, line: "\xff\xfe" },
      { number: 4, line: "last" },
    ]);
});

test("what is joined by line feeds comes back", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.stringMatching(/^[a-z{}"é]{1,20}$/)),
      fc.integer({ min: 1, max: 40 }),
      async (lines, size) => {
        const read: string[] = [];
        const bytes = Buffer.from(lines.join("\n"));
        for await (const { line } of linesOf(chunked(bytes, size)))
          read.push(line.toString());
        expect(read).toEqual(lines);
      },
    ),
  );
});

test("a line is as long as an event may be, and no longer: it is named, and memory stays bounded", async () => {
  const longest = Buffer.alloc(MAX_LINE_BYTES, "x");
  expect(
    await read(Buffer.concat([longest, Buffer.from("\r\n")]), 65_536),
  ).toHaveLength(1);
  const endless = async function* (): AsyncGenerator<Buffer> {
    await Promise.resolve();
    yield Buffer.from("first\n");
    for (;;) yield Buffer.alloc(65_536, "x");
  };
  const seen: number[] = [];
  const reading = async () => {
    for await (const { number } of linesOf(endless())) seen.push(number);
  };
  await expect(reading()).rejects.toThrow(LineTooLong);
  await expect(reading()).rejects.toThrow("Line 2 is longer than");
  expect(seen).toEqual([1, 1]);
});

test("a partition key is a text or a number of the event", () => {
  const key = (text: string) => keyOf(Buffer.from(text), "station", 7);
  expect(key('{"station":"a"}')).toBe("a");
  expect(key('{"station":5}')).toBe("5");
  for (const none of ["{}", "[]", "null", '{"station":null}', "7"])
    expect(() => key(none)).toThrow("Line 7 has no text or number 'station'");
  expect(() => key("{")).toThrow("Line 7 is no JSON");
});
