import { createHash } from "node:crypto";
import { integerCell, textCell } from "../oracle/cells.ts";
import type { FileVector } from "../vectors.ts";

/** Referred to, never read: whatever they hold. */
export function pictures(): FileVector[] {
  const types: readonly (readonly [string, string])[] = [
    ["map.png", "image/png"],
    ["UPPER.JPG", "image/jpeg"],
    ["rows.csv.gz", "application/gzip"],
    ["no ending", "application/octet-stream"],
    ["Ünï 😀 '\".pdf", "application/pdf"],
    ["sub/folder/film.mp4", "video/mp4"],
  ];
  return types.map(([name, type], at) => {
    const bytes = Buffer.from(`${name} ${"x".repeat(at * 1_000)}`);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const accepted = {
      name: textCell(name),
      bytes: integerCell(String(bytes.length)),
      type: textCell(type),
      sha256: textCell(sha256),
    };
    return {
      kind: "reference",
      source: "pictures",
      name,
      bytes,
      wanted: { rows: [{ accepted }] },
    };
  });
}
