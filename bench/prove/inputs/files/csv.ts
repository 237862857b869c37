/** Files of CSV, of the kinds of csv-spectrum and of those that people complain about. The contents are our own. */
import type { FileVector } from "../vectors.ts";
import { both, casesOf, named, one, type Case } from "./cases.ts";
import { values } from "./csvValues.ts";
import { anna, bert, refusedFile, wantedRows } from "./rows.ts";

const quoting: readonly Case[] = [
  ["simple", "id,name\n1,Anna\n2,Bert\n", both],
  ["no end of the last line", "id,name\n1,Anna\n2,Bert", both],
  [
    "comma in quotes",
    'id,name\n1,"Anytown, WW"\n2,Bert\n',
    named("Anytown, WW"),
  ],
  [
    "escaped quotes",
    'id,name\n1,"ha ""ha"" ha"\n2,Bert\n',
    named('ha "ha" ha'),
  ],
  ["nothing but a quote", 'id,name\n1,""""\n2,Bert\n', named('"')],
  ["two quotes", 'id,name\n1,""""""\n2,Bert\n', named('""')],
  [
    "line break in quotes",
    'id,name\n1,"two\nlines"\n2,Bert\n',
    named("two\nlines"),
  ],
  [
    "crlf in quotes",
    'id,name\r\n1,"two\r\nlines"\r\n2,Bert\r\n',
    named("two\r\nlines"),
  ],
  ["cr in quotes", 'id,name\n1,"two\rlines"\n2,Bert\n', named("two\rlines")],
  [
    "quotes and line breaks",
    'id,name\n1,"ha \n""ha"" \nha"\n2,Bert\n',
    named('ha \n"ha" \nha'),
  ],
  [
    "an empty line in quotes",
    'id,name\n1,"a\n\n\nb"\n2,Bert\n',
    named("a\n\n\nb"),
  ],
  [
    "json",
    'id,name\n1,"{""type"": ""Point"", ""at"": [102.0, 0.5]}"\n2,Bert\n',
    named('{"type": "Point", "at": [102.0, 0.5]}'),
  ],
  ["utf-8", "id,name\n1,ʤ € 😀\n2,Bert\n", named("ʤ € 😀")],
  [
    "quoted empties",
    'id,name,qty\n1,"",""\n2,Bert,\n',
    wantedRows({ id: "1" }, bert),
  ],
  [
    "empties",
    "id,name,qty,price,ok,at\n1,,,,,\n2,Bert,,,,\n",
    wantedRows({ id: "1" }, bert),
  ],
  ["all quoted", '"id","name"\n"1","Anna"\n"2","Bert"\n', both],
  ["spaces", "id,name\n1, a \n2,Bert\n", named(" a ")],
  ["quoted spaces", 'id,name\n1," a "\n2,Bert\n', named(" a ")],
  ["a backslash before a quote", 'id,name\n1,"a\\"\n2,Bert\n', named("a\\")],
  [
    "a quote within a field",
    'id,name\n1,5" pipe\n2,Bert\n',
    wantedRows(/^row: malformed quoting$/u, bert),
  ],
  [
    "degrees",
    "id,name\n1,37°36'37.8\"N\n2,Bert\n",
    wantedRows(/^row: malformed quoting$/u, bert),
  ],
  [
    "text behind a quote",
    'id,name\n1,"a"b\n2,Bert\n',
    wantedRows(/^row: malformed quoting$/u, bert),
  ],
  [
    "a space before a quote",
    'id,name\n1, "a"\n2,Bert\n',
    wantedRows(/^row: malformed quoting$/u, bert),
  ],
  [
    "unclosed quote",
    'id,name\n1,"Anna\n2,Bert\n',
    refusedFile(/^file: .*line 2.*not closed/u),
  ],
  [
    "unclosed quote in the header",
    `id,"name\n${"2,Bert\n".repeat(30_000)}`,
    refusedFile(/^file: .*line 1.*not closed/u),
  ],
];

const lines: readonly Case[] = [
  ["crlf", "id,name\r\n1,Anna\r\n2,Bert\r\n", both],
  ["cr", "id,name\r1,Anna\r2,Bert\r", both],
  [
    "crlf-header-lf-rows",
    `id,name\r\n${Array.from({ length: 20 }, (_, at) => `${at + 1},row ${at + 1}\n`).join("")}`,
    wantedRows(
      ...Array.from({ length: 20 }, (_, at) => ({
        id: String(at + 1),
        name: `row ${at + 1}`,
      })),
    ),
  ],
  [
    "lf-header-crlf-rows",
    "id,qty,name\n1,5,Anna\r\n2,6,Bert\r\n",
    wantedRows({ ...anna, qty: 5n }, { ...bert, qty: 6n }),
  ],
  ["every end of a line", "id,name\r1,Anna\n2,Bert\r\n", both],
  ["blank lines", "id,name\n\n1,Anna\n\n\n2,Bert\n\n", both],
  [
    "unicode ends of lines",
    "id,name\n1,a\u2028b\u0085c\u000bd\fe\n2,Bert\n",
    named("a\u2028b\u0085c\u000bd\fe"),
  ],
  ["header-only", "id,name,qty\n", wantedRows()],
  ["header without an end", "id", wantedRows()],
  ["empty lines alone", "\n\n\n", refusedFile(/^file: it has no header/u)],
  [
    "a long line",
    `id,name\n1,${"x".repeat(200_000)}\n2,Bert\n`,
    named("x".repeat(200_000)),
  ],
  [
    "an endless line",
    `id,name\n${"x".repeat(4_200_000)}`,
    refusedFile(/^file: line 2 is longer/u),
  ],
];

const headers: readonly Case[] = [
  ["utf8-bom", "\ufeffid,name\n1,Anna\n", one],
  ["utf8-bom and quotes", '\ufeff"id",name\n1,Anna\n', one],
  [
    "header-other-case",
    "ID,Name,QTY\n1,Anna,5\n",
    wantedRows({ ...anna, qty: 5n }),
  ],
  ["header with spaces", " id , name \n1,Anna\n", one],
  ["columns in another order", "name,x,id\nAnna,?,1\n", one],
  ["two-unnamed-trailing-columns", "id,name,,\n1,Anna,,\n2,Bert,,\n", both],
  [
    "an unnamed column with a value",
    "id,,name\n1,x,Anna\n2,,Bert\n",
    wantedRows(/^row: a value in a column without a name$/u, bert),
  ],
  [
    "a column twice",
    "id,name,id\n1,Anna,2\n",
    refusedFile(/^file: the header has .*twice/u),
  ],
  [
    "a missing column",
    "name,qty\nAnna,1\n",
    refusedFile(/^file: .*header.* lacks /u),
  ],
  ["no known column", "a,b\n1,2\n", refusedFile(/^file: .*header.* lacks /u)],
  ["no header", "1,Anna\n2,Bert\n", refusedFile(/^file: .*header.* lacks /u)],
  [
    "too many fields",
    "id,name\n1,Anna,x\n2,Bert\n",
    wantedRows(/^row: not 2 fields$/u, bert),
  ],
  [
    "too few fields",
    "id,qty,name\n1,2\n2,,Bert\n",
    wantedRows(/^row: not 3 fields$/u, bert),
  ],
  [
    "a malformed header",
    'id,"na"me\n1,Anna\n',
    refusedFile(/^file: the quoting of its header/u),
  ],
  [
    "semicolons",
    "id;name;price\n1;Anna;1,5\n2;Bert;2,5\n",
    refusedFile(/^file: .*delimiter: ';'/u),
  ],
  ["tabs", "id\tname\n1\tAnna\n", refusedFile(/^file: .*delimiter: tab/u)],
  ["bars", "id|name\n1|Anna\n", refusedFile(/^file: .*delimiter: '\|'/u)],
  ["sep-line", "sep=,\nid,name\n1,Anna\n", one],
  ["sep-line with another", "sep=;\r\nid;name\r\n1;Anna\r\n", one],
  [
    "title-line",
    "Export of 2026-01-31\nid,name\n1,Anna\n",
    refusedFile(/^file: .*line 2.*skip_lines: 1/u),
  ],
];

export const csvFiles = (): FileVector[] => [
  ...casesOf("plain", "csv quoting", quoting),
  ...casesOf("plain", "csv lines", lines),
  ...casesOf("plain", "csv header", headers),
  ...casesOf("plain", "csv values", values),
];
