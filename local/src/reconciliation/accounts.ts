import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { union, type Positions, type Range } from "./positions.ts";

/** What the batches of a pipeline say about one source: the sums of their accounts. */
export interface Account {
  readonly received: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly late: number;
  readonly expired: number;
  readonly missing: number;
  /** Accounted for by an earlier batch as expired or missing, and received then. */
  readonly recovered: number;
  readonly skipped: number;
}

export interface Accounts {
  readonly sources: Readonly<Record<string, Account>>;
  /** Events of batches that an operator skipped before silver had them, by source and `<generation>/<partition>`. */
  readonly skipped: Readonly<Record<string, Positions>>;
  /** Ids of the files of such batches. */
  readonly skippedFiles: ReadonlySet<string>;
}

const ZERO: Account = {
  received: 0,
  accepted: 0,
  duplicate: 0,
  quarantined: 0,
  late: 0,
  expired: 0,
  missing: 0,
  recovered: 0,
  skipped: 0,
};

interface Manifest {
  readonly slices: readonly {
    readonly source: string;
    readonly generation: string;
    readonly partition: string;
    readonly from: number;
    readonly to: number;
  }[];
  readonly files: readonly { readonly id: string }[];
}

interface End {
  readonly sources: Readonly<Record<string, Partial<Account>>>;
}

/** Reads the end of every batch: `process.json` where there is one, else `skipped.json`. */
export async function readAccounts(
  lakeDir: string,
  pipeline: string,
): Promise<Accounts> {
  const root = join(lakeDir, "_assay", "pipelines", pipeline, "batches");
  const sources: Record<string, Account> = {};
  const skipped: Record<string, Map<string, Range[]>> = {};
  const skippedFiles = new Set<string>();
  const batches = existsSync(root) ? await readdir(root) : [];
  for (const batch of batches.sort()) {
    const dir = join(root, batch);
    const processed = await find<End>(join(dir, "process.json"));
    const end = processed ?? (await find<End>(join(dir, "skipped.json")));
    for (const [source, account] of Object.entries(end?.sources ?? {}))
      sources[source] = sum(sources[source] ?? ZERO, account);
    const isLeftOut =
      end !== undefined &&
      processed === undefined &&
      !existsSync(join(dir, "silver.json"));
    if (!isLeftOut) continue;
    const manifest = await find<Manifest>(join(dir, "manifest.json"));
    for (const slice of manifest?.slices ?? []) {
      const { source, generation, partition, from, to } = slice;
      const positions = (skipped[source] ??= new Map<string, Range[]>());
      const stream = `${generation}/${partition}`;
      positions.set(stream, union(positions.get(stream) ?? [], [[from, to]]));
    }
    for (const { id } of manifest?.files ?? []) skippedFiles.add(id);
  }
  return { sources, skipped, skippedFiles };
}

const find = async <T>(path: string): Promise<T | undefined> =>
  existsSync(path)
    ? (JSON.parse(await readFile(path, "utf8")) as T)
    : undefined;

const sum = (a: Account, b: Partial<Account>): Account => ({
  received: a.received + (b.received ?? 0),
  accepted: a.accepted + (b.accepted ?? 0),
  duplicate: a.duplicate + (b.duplicate ?? 0),
  quarantined: a.quarantined + (b.quarantined ?? 0),
  late: a.late + (b.late ?? 0),
  expired: a.expired + (b.expired ?? 0),
  missing: a.missing + (b.missing ?? 0),
  recovered: a.recovered + (b.recovered ?? 0),
  skipped: a.skipped + (b.skipped ?? 0),
});
