/** Which part of which bronze file a batch takes. */
import type { StreamPartition } from "./paths.ts";

/** A bronze file of one stream partition, known by its name alone. */
export interface BronzeFile {
  readonly path: string;
  readonly first: number;
  readonly last: number;
  /** Milliseconds, the lake's clock. */
  readonly landedAt: number;
}

/** A link of a chain: the part of a file that extends the watermark. Both ends included. */
export interface Link {
  readonly from: number;
  readonly to: number;
  readonly path: string;
  readonly landedAt: number;
}

/**
 * The chain of files that extends the watermark without a hole: of the files with `first ≤ w + 1 ≤ last`, the one
 * that reaches farthest, from w + 1 on. A batch that was redelivered and cut differently gives only what is new.
 */
export function chainFrom(
  watermark: number,
  files: readonly BronzeFile[],
): Link[] {
  const sorted = [...files].sort((a, b) => a.first - b.first);
  const links: Link[] = [];
  let end = watermark;
  let at = 0;
  for (;;) {
    let best: BronzeFile | undefined;
    // Sorted by first: each file is looked at once, however often the watermark moves.
    for (
      let file = sorted[at];
      file && file.first <= end + 1;
      file = sorted[at]
    ) {
      if (file.last > (best?.last ?? end)) best = file;
      at += 1;
    }
    if (!best) return links;
    links.push({
      from: end + 1,
      to: best.last,
      path: best.path,
      landedAt: best.landedAt,
    });
    end = best.last;
  }
}

export interface Chain {
  readonly stream: StreamPartition;
  readonly links: readonly Link[];
}

export interface TakenLink extends Link {
  readonly stream: StreamPartition;
}

/** A batch's slices stand in one manifest, and in one list of values in the job's SQL: neither may grow with a backlog. */
export const MAX_SLICES = 10_000;

/**
 * At most about `maxEvents` of all chains, the longest-landed first, so that no busy partition keeps another waiting.
 * A file is taken whole, and at least one is taken. The rest waits for the next batch.
 */
export function takeOldest(
  chains: readonly Chain[],
  maxEvents: number,
): TakenLink[] {
  const open = chains.map(({ stream, links }) => ({ stream, links, at: 0 }));
  const taken: TakenLink[] = [];
  let events = 0;
  while (events < maxEvents && taken.length < MAX_SLICES) {
    let next: { chain: (typeof open)[number]; link: Link } | undefined;
    for (const chain of open) {
      const link = chain.links[chain.at];
      if (link && (!next || link.landedAt < next.link.landedAt))
        next = { chain, link };
    }
    if (!next) break;
    next.chain.at += 1;
    taken.push({ ...next.link, stream: next.chain.stream });
    events += next.link.to - next.link.from + 1;
  }
  return taken;
}

export const eventsOf = (
  links: readonly { readonly from: number; readonly to: number }[],
): number => links.reduce((sum, { from, to }) => sum + to - from + 1, 0);
