import type { FileVector } from "../vectors.ts";
import { CSV } from "./cases.ts";

/** These are no input: they stay where they are, and health says why. */
export const left = (): FileVector[] => [
  {
    kind: "left",
    source: "plain",
    name: "empty.csv",
    bytes: Buffer.alloc(0),
    wanted: { left: /empty/u },
  },
  {
    kind: "left",
    source: "list",
    name: "empty.json",
    bytes: Buffer.alloc(0),
    wanted: { left: /empty/u },
  },
  {
    kind: "left",
    source: "lines",
    name: "empty.ndjson",
    bytes: Buffer.alloc(0),
    copied: "old",
    wanted: { left: /empty/u },
  },
  {
    kind: "left",
    source: "plain",
    name: ".hidden.csv",
    bytes: CSV,
    copied: "now",
    wanted: { left: "unseen" },
  },
  {
    kind: "left",
    source: "plain",
    name: ".dir/rows.csv",
    bytes: CSV,
    copied: "now",
    wanted: { left: "unseen" },
  },
];
