import type { EventVector, Wanted } from "../vectors.ts";

export const event = (
  kind: string,
  name: string,
  text: string,
  wanted: Wanted,
): EventVector => ({
  ...{ kind, name, body: Buffer.from(text) },
  rows: new Map([[0, wanted]]),
});
