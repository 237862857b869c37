import { gzipSync } from "node:zlib";
import type { FileVector } from "../vectors.ts";
import { CSV } from "./cases.ts";
import { refusedFile, wantedRows } from "./rows.ts";

/** Dropped again under a name of the first batch: what cannot be read replaces nothing. */
export const redropped = (): FileVector[] => [
  {
    kind: "dropped again",
    source: "plain",
    name: "simple.csv",
    bytes: Buffer.from("id,name\n3,Cleo\n"),
    wanted: wantedRows({ id: "3", name: "Cleo" }),
  },
  {
    kind: "dropped again",
    source: "plain",
    name: "crlf.csv",
    bytes: Buffer.from("id,name\n"),
    wanted: wantedRows(),
  },
  {
    kind: "dropped again",
    source: "plain",
    name: "cr.csv",
    bytes: gzipSync(CSV).subarray(0, -4),
    wanted: refusedFile(/^file: its gzip/u),
  },
  {
    kind: "dropped again",
    source: "plain",
    name: "all quoted.csv",
    bytes: Buffer.from("id,name\n,Anna\n"),
    wanted: wantedRows(/^id: required$/u),
  },
  {
    kind: "dropped again",
    source: "list",
    name: "list.json",
    bytes: Buffer.from("[]"),
    wanted: wantedRows(),
  },
];
