/** Values of a CSV, whose texts are read as the types of the contract. */
import { numbersOfAllKinds } from "../bodies/values.ts";
import { judgeBody } from "../oracle/judge.ts";
import { readContract } from "../oracle/readContract.ts";
import { named, type Case } from "./cases.ts";
import { bert, wantedRows } from "./rows.ts";

const columns = readContract("usual", "row");

/** A number of JSON is the same number as a cell. */
const numbersIn = (column: "qty" | "price"): Case => [
  `numbers of JSON as ${column}`,
  [`id,${column}`, ...numbersOfAllKinds.map((digits, at) => `${at},${digits}`)]
    .map((line) => `${line}\n`)
    .join(""),
  {
    rows: numbersOfAllKinds.map((digits, at) =>
      judgeBody(Buffer.from(`{"id":"${at}","${column}":${digits}}`), columns),
    ),
  },
];

export const values: readonly Case[] = [
  numbersIn("qty"),
  numbersIn("price"),
  [
    "numbers of CSV alone",
    "id,qty,price\n1,+7,+1\n2, 8 , 1.5\n3,007,00.5\n4,,.5\n5,,1.\n6,-0,-.5\n",
    wantedRows(
      { id: "1", qty: 7n, price: 1 },
      { id: "2", qty: 8n, price: 1.5 },
      { id: "3", qty: 7n, price: 0.5 },
      { id: "4", price: 0.5 },
      { id: "5", price: 1 },
      { id: "6", qty: 0n, price: -0.5 },
    ),
  ],
  [
    "no integers",
    "id,qty\n1,5.5\n2,x\n3,1_000\n4,0x1F\n5,NaN\n6,true\n7,1 2\n",
    wantedRows(...Array<RegExp>(7).fill(/^qty: type integer$/u)),
  ],
  [
    "no numbers",
    'id,price\n1,NaN\n2,Infinity\n3,"1,5"\n4,1d\n5,0x1p3\n6,.\n7,e5\n8,--1\n',
    wantedRows(...Array<RegExp>(8).fill(/^price: type number$/u)),
  ],
  [
    "booleans",
    "id,ok\n1,true\n2,FALSE\n3,True\n4,1\n5,yes\n6,t\n",
    wantedRows(
      { id: "1", ok: true },
      { id: "2", ok: false },
      { id: "3", ok: true },
      ...Array<RegExp>(3).fill(/^ok: type boolean$/u),
    ),
  ],
  [
    "instants",
    "id,at\n1,2026-03-01T09:00:00Z\n2,2026-03-01\n3,2026-02-30T09:00:00Z\n",
    wantedRows(
      { id: "1", at: "2026-03-01T09:00:00Z" },
      /^at: format date-time$/u,
      /^at: format date-time$/u,
    ),
  ],
  [
    "absent and required",
    "id,name\n,Anna\n2,Bert\n",
    wantedRows(/^id: required$/u, bert),
  ],
  ["texts like formulas", "id,name\n1,=1+1\n2,Bert\n", named("=1+1")],
];
