/** Files of JSON: a list or an object in one, an object a line in the other. Rows are judged as bodies of events are. */
import { gzipSync } from "node:zlib";
import { i, n, y } from "../bodies/syntax.ts";
import { judgeBody } from "../oracle/judge.ts";
import { readContract } from "../oracle/readContract.ts";
import type { FileVector, Wanted, WantedFile } from "../vectors.ts";
import { anna, bert, cellsOf, refusedFile, wantedRows } from "./rows.ts";

const columns = readContract("usual", "row");

type Case = readonly [
  name: string,
  content: string | Buffer,
  asList: WantedFile,
  asLines: WantedFile,
];

const ANNA = '{"id":"1","name":"Anna"}';
const BERT = '{"id":"2","name":"Bert"}';
const both = wantedRows(anna, bert);
const one = wantedRows(anna);
const notJson = refusedFile(/^file: it is not JSON at character \d+/u);
const cutOff = refusedFile(/^file: it ends too early/u);
const otherBeginning = refusedFile(
  /^file: it does not begin like (JSON|NDJSON)/u,
);
const long = `[${Array.from({ length: 300 }, () => ANNA).join(",\n")}]`;
const many = wantedRows(...Array.from({ length: 300 }, () => anna));

const cases: readonly Case[] = [
  ["list.json", `[${ANNA},${BERT}]`, both, otherBeginning],
  ["lines.ndjson", `${ANNA}\n${BERT}\n`, refusedFile(/^file: .*ndjson/u), both],
  [
    "lines without an end",
    `${ANNA}\n${BERT}`,
    refusedFile(/^file: .*ndjson/u),
    both,
  ],
  ["crlf", `${ANNA}\r\n\r\n${BERT}\r\n`, refusedFile(/^file: .*ndjson/u), both],
  ["one object", ANNA, one, one],
  [
    "an object of several lines",
    '{\n "id": "1",\n "name": "Anna"\n}',
    one,
    refusedFile(/^file: .*format: json/u),
  ],
  [
    "a list of several lines",
    `[\n  ${ANNA},\n  ${BERT}\n]\n`,
    both,
    otherBeginning,
  ],
  ["a byte order mark", `\ufeff[${ANNA}]`, one, otherBeginning],
  [
    "a byte order mark and lines",
    `\ufeff${ANNA}\n${BERT}\n`,
    refusedFile(/^file: .*ndjson/u),
    both,
  ],
  ["an empty list", "[]", wantedRows(), otherBeginning],
  ["spaces alone", " \n\t\n", refusedFile(/^file: /u), wantedRows()],
  ["gzip", gzipSync(long), many, otherBeginning],
  [
    "lines in gzip",
    gzipSync(`${ANNA}\n${BERT}\n`),
    refusedFile(/^file: .*ndjson/u),
    both,
  ],
  ["a long list", long, many, otherBeginning],
  ["no end of the list", `[${ANNA}`, cutOff, otherBeginning],
  ["cut off within an object", `[${ANNA},{"id":"2"`, cutOff, otherBeginning],
  ["cut off within a text", `[${ANNA},{"id":"2`, cutOff, otherBeginning],
  ["a comma at its end", `[${ANNA},]`, notJson, otherBeginning],
  ["no comma", `[${ANNA} ${BERT}]`, notJson, otherBeginning],
  [
    "two lists",
    `[${ANNA}][${BERT}]`,
    refusedFile(/^file: it has more than one value/u),
    otherBeginning,
  ],
  [
    "trash behind it",
    `[${ANNA}] trash`,
    refusedFile(/^file: it has more than one value/u),
    otherBeginning,
  ],
  [
    "other values in it",
    `[${ANNA},7,null,"x",[],true,{}]`,
    wantedRows(
      anna,
      ...Array<RegExp>(5).fill(/^body: not an object$/u),
      /^id: required$/u,
    ),
    otherBeginning,
  ],
  [
    "other values in lines",
    `${ANNA}\n7\nnull\n"x"\n[]\n{}\n`,
    refusedFile(/^file: .*ndjson/u),
    wantedRows(
      anna,
      ...Array<RegExp>(4).fill(/^body: not an object$/u),
      /^id: required$/u,
    ),
  ],
  [
    "a property twice",
    '[{"id":"1","id":"2"}]',
    wantedRows(/^body: a property twice$/u),
    otherBeginning,
  ],
  [
    "two in a line",
    `${ANNA}${BERT}\n${ANNA}\n`,
    refusedFile(/^file: .*ndjson/u),
    wantedRows(/^body: more behind its JSON value$/u, anna),
  ],
  [
    "half a pair",
    '[{"id":"\\ud800"}]',
    wantedRows(/^body: half a surrogate pair$/u),
    otherBeginning,
  ],
  [
    "a bad byte",
    Buffer.from(`[${ANNA},{"id":"\u00ff"}]`, "latin1"),
    wantedRows(anna, /^body: not UTF-8$/u),
    otherBeginning,
  ],
  [
    "a bad byte in a line",
    Buffer.from(`${ANNA}\n{"id":"\u00ff"}\n`, "latin1"),
    refusedFile(/^file: .*ndjson/u),
    wantedRows(anna, /^body: not UTF-8$/u),
  ],
  [
    "a text with a line break",
    `[{"id":"a\nb"}]`,
    wantedRows(/^body: not JSON$/u),
    otherBeginning,
  ],
  [
    "a line cut in two",
    `${ANNA}\n{"id":"a\nb"}\n${BERT}\n`,
    refusedFile(/^file: .*ndjson/u),
    wantedRows(anna, /^body: not JSON$/u, /^body: not JSON$/u, bert),
  ],
  [
    "utf16",
    Buffer.from(`\ufeff[${ANNA}]`, "utf16le"),
    refusedFile(/^file: .*UTF-16/u),
    refusedFile(/^file: .*UTF-16/u),
  ],
  [
    "utf16 without a mark",
    Buffer.from(`[${ANNA}]`, "utf16le"),
    refusedFile(/^file: .*zero bytes/u),
    refusedFile(/^file: .*zero bytes/u),
  ],
  [
    "utf32",
    Buffer.concat([
      Buffer.from("fffe0000", "hex"),
      Buffer.from(`[\u0000${ANNA}`, "utf16le"),
    ]),
    refusedFile(/^file: .*UTF-32/u),
    refusedFile(/^file: .*UTF-32/u),
  ],
  ["JSON with a callback", `f([${ANNA}])`, otherBeginning, otherBeginning],
  ["comments", `// x\n[${ANNA}]`, otherBeginning, otherBeginning],
  ["single quotes", "[{'id':'1'}]", notJson, otherBeginning],
  [
    "deep",
    `[{"id":"1","name":"Anna","w":${"[".repeat(300)}${"]".repeat(300)}}]`,
    one,
    otherBeginning,
  ],
  [
    "deeper than any reader goes",
    `[${"[".repeat(100_000)}${"]".repeat(100_000)}]`,
    refusedFile(/^file: /u),
    otherBeginning,
  ],
  [
    "an element that is too long",
    `[{"id":"1","w":"${"x".repeat(4_200_000)}"},${BERT}]`,
    refusedFile(/^file: a value is longer/u),
    refusedFile(/^file: a line is longer/u),
  ],
  [
    "records",
    `{"records":[${ANNA}]}`,
    wantedRows(/^id: required$/u),
    wantedRows(/^id: required$/u),
  ],
  ["NaN", '[{"id":"1","price":NaN}]', { either: true }, otherBeginning],
  [
    "NaN in a line",
    `{"id":"1","price":NaN}\n${BERT}\n`,
    { either: true },
    wantedRows(/^body: not JSON$/u, bert),
  ],
  [
    "a line that is no JSON",
    `${ANNA}\nid,name\n${BERT}\n`,
    refusedFile(/^file: .*ndjson/u),
    wantedRows(anna, /^body: not JSON$/u, bert),
  ],
];

/** Each text of JSONTestSuite's kind as a property of a row in one file of lines. */
function syntaxFile(): FileVector {
  const isLine = (text: string): boolean =>
    !/[\r\n]/u.test(text) && text.length < 3_000_000;
  const lines = [...y, ...n, ...i].filter(isLine).map((text) => ({
    text: `{"id":"1","w":${text}}`,
    isFree: i.includes(text),
  }));
  const rows = lines.map(({ text, isFree }): Wanted =>
    isFree
      ? { either: cellsOf({ id: "1" }) }
      : judgeBody(Buffer.from(text), columns),
  );
  return {
    ...{ kind: "ndjson syntax", source: "lines", name: "syntax.ndjson" },
    bytes: Buffer.from(`${lines.map(({ text }) => text).join("\n")}\n`),
    wanted: { rows },
  };
}

export const jsonFiles = (): FileVector[] => [
  ...cases.flatMap(([name, content, asList, asLines]) => {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    return [
      { kind: "json", source: "list", name, bytes, wanted: asList },
      { kind: "ndjson", source: "lines", name, bytes, wanted: asLines },
    ];
  }),
  syntaxFile(),
];
