/** What the mutants of both languages say. */
import type { Outcome } from "../proof.ts";
import {
  byFolder,
  scoreOf,
  shareKilled,
  unlisted,
  type Language,
  type Mutant,
  type Reviewed,
  type Score,
} from "./mutant.ts";

const LEAST_SHARE = 0.9;
/** A sample speaks against the promise only where one of a thousand would have so many alive. */
const UNLIKELY = 0.001;
const LANGUAGES: readonly Language[] = ["typescript", "python"];

export function judge(
  mutants: readonly Mutant[],
  reviewed: readonly Reviewed[],
  isSample: boolean,
): Outcome {
  const failures: string[] = [];
  const counts: Record<string, number> = {};
  for (const language of LANGUAGES) {
    const own = mutants.filter((mutant) => mutant.language === language);
    const score = scoreOf(own, reviewed);
    for (const [name, count] of Object.entries(score))
      counts[`${language}.${name}`] = count as number;
    counts[`${language}.percent`] = percentOf(score);
    for (const [folder, of] of byFolder(own))
      counts[`${folder}.percent`] = percentOf(scoreOf(of, reviewed));
    const isEnough =
      score.killed > 0 &&
      (isSample
        ? likelihood(score) >= UNLIKELY
        : shareKilled(score) >= LEAST_SHARE);
    if (!isEnough)
      failures.push(
        `${language}: ${percentOf(score)} % of the mutants are killed, ${LEAST_SHARE * 100} % are to be.`,
      );
  }
  return { failures, counts };
}

/** Rounded down: 89.99 % is not 90 %. */
const percentOf = (score: Score): number =>
  Math.floor(shareKilled(score) * 1_000) / 10;

/** How likely a sample has so many alive, or more, where one of ten is. */
export function likelihood({ killed, alive }: Score): number {
  const all = killed + alive;
  const missed = 1 - LEAST_SHARE;
  let exactly = LEAST_SHARE ** all;
  let fewer = 0;
  for (let count = 0; count < alive; count += 1) {
    fewer += exactly;
    exactly *= (((all - count) / (count + 1)) * missed) / LEAST_SHARE;
  }
  return 1 - fewer;
}

/** The lines of those that are alive, by file. */
export const linesOf = (
  mutants: readonly Mutant[],
  reviewed: readonly Reviewed[],
): string[] =>
  unlisted(mutants, reviewed)
    .sort((a, b) =>
      a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line,
    )
    .map(
      ({ file, line, code, change }) =>
        `  alive: ${file}:${line} ${code}\n    ${change}`,
    );
