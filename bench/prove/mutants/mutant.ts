/** One small change of the code, and whether the tests noticed it. */
export interface Mutant {
  readonly language: Language;
  /** From the project's folder. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** The line where it begins, as it stands there, without the spaces around it. */
  readonly code: string;
  /** `a → b` */
  readonly change: string;
  readonly isKilled: boolean;
}

export type Language = "typescript" | "python";

/** Survivors that somebody looked at and found to be equal to the code: no test can tell them from it. */
export interface Reviewed {
  readonly file: string;
  readonly code: string;
  readonly change: string;
}

export interface Score {
  readonly killed: number;
  /** Alive, and not known to be equal. */
  readonly alive: number;
  readonly equal: number;
}

const keyOf = ({ file, code, change }: Reviewed): string =>
  JSON.stringify([file, code, change]);

/** Survivors that no reviewer knows. */
export function unlisted(
  mutants: readonly Mutant[],
  reviewed: readonly Reviewed[],
): Mutant[] {
  const known = new Set(reviewed.map(keyOf));
  return mutants.filter(
    (mutant) => !mutant.isKilled && !known.has(keyOf(mutant)),
  );
}

export function scoreOf(
  mutants: readonly Mutant[],
  reviewed: readonly Reviewed[],
): Score {
  const killed = mutants.filter(({ isKilled }) => isKilled).length;
  const alive = unlisted(mutants, reviewed).length;
  return { killed, alive, equal: mutants.length - killed - alive };
}

/** Of those that are not equal to the code. */
export const shareKilled = ({ killed, alive }: Score): number =>
  killed / (killed + alive);

/** Two folders deep, as `src/domain`; in the job below its package. */
export const folderOf = ({ file }: { readonly file: string }): string =>
  /^(?:src\/[^/]+|databricks\/src\/assay_jobs(?:\/[^/.]+(?=\/))?)/.exec(
    file,
  )?.[0] ?? file;

export function byFolder(mutants: readonly Mutant[]): Map<string, Mutant[]> {
  const folders = new Map<string, Mutant[]>();
  for (const mutant of mutants) {
    const folder = folderOf(mutant);
    folders.set(folder, [...(folders.get(folder) ?? []), mutant]);
  }
  return folders;
}
