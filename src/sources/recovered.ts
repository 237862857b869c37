import type { AppContext } from "../context.ts";
import { firstNameWith, partitionFolder } from "../domain/paths.ts";
import type { AwaitedRange } from "../domain/records.ts";
import { readPieces, isGap, type TakenSlice } from "../domain/slices.ts";
import { listBronze } from "./bronzeFiles.ts";
import { NO_ARRIVALS, type Arrivals, type Position } from "./kind.ts";

/**
 * Events that landed after a batch had accounted for them as expired or missing. It costs one listing for each range
 * that is awaited, twenty at most; in nearly all pipelines there is none.
 */
export async function readRecovered(
  { lake }: Pick<AppContext, "lake">,
  stream: string,
  { awaited }: Pick<Position, "awaited">,
): Promise<Arrivals> {
  const found = await Promise.all(
    awaited
      .filter((range) => range.stream === stream)
      .map((range) => readRange(lake, range)),
  );
  return { ...NO_ARRIVALS, recovered: found.flat() };
}

/** A range may come in parts, with holes between them that stay awaited. */
async function readRange(
  lake: AppContext["lake"],
  { stream, generation, partition, from, to }: AwaitedRange,
): Promise<TakenSlice[]> {
  const of = { stream, generation, partition };
  const files = listBronze(lake, partitionFolder(of), firstNameWith(from));
  const taken: TakenSlice[] = [];
  const pieces = readPieces(from - 1, files, (hole) => [
    { from: hole.from, to: hole.to, reason: "missing", landedAt: 0 },
  ]);
  for await (const piece of pieces) {
    if (!isGap(piece))
      taken.push({ ...piece, to: Math.min(piece.to, to), ...of });
    if (piece.to >= to) break;
  }
  return taken;
}
