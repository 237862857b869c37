/**
 * Stands in for the job: the same documents and parts, without Spark and without tables. What it makes of a batch is
 * a function of the lake. As its own process would, an attempt may die at any step; the next one goes on from the seal.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import avro from "avsc";
import { writeWhole } from "../../../local/src/shared/files.ts";
import type {
  Manifest,
  Part,
  ProcessedTable,
  ProcessRecord,
} from "../../../src/domain/records.ts";
import { chanceOf, type Chance } from "../chance.ts";
import type { BatchFiles } from "./batchFiles.ts";
import { changesOf } from "./changes.ts";
import {
  carry,
  goldOf,
  keys,
  movementOf,
  type Carried,
  type Movement,
} from "./movements.ts";

/** Of an attempt whose machine was taken away. */
export class MachineLost extends Error {
  constructor() {
    super("The machine of the attempt was lost.");
  }
}

const SOURCE = "movements";

type Accounts = ProcessRecord["sources"];
const MOST_ROWS_A_PART = 4;

export class StandIn {
  readonly #files: BatchFiles;
  readonly #seed: number;
  /** What was carried up to the end of each batch. */
  readonly #carried = new Map<number, Carried>([[0, new Map()]]);
  /** What the first attempt that came so far has sealed, by batch. */
  readonly #seals = new Map<number, ProcessRecord>();
  /** Grows with each kill: attempts that began before are lost. */
  #life = 0;

  constructor(files: BatchFiles, seed: number) {
    this.#files = files;
    this.#seed = seed;
  }

  /** All attempts that run now end at their next step. */
  loseMachines(): void {
    this.#life += 1;
  }

  /** @throws MachineLost when the attempt dies on the way */
  async attempt(batch: number, attempt: number): Promise<void> {
    const chance = chanceOf(this.#seed, "attempt", batch * 100 + attempt);
    const life = this.#life;
    // One in ten dies by itself; most of the ten steps are there in each batch.
    let stepsLeft = chance.oneIn(10) ? chance.between(1, 10) : Infinity;
    const step = (): void => {
      stepsLeft -= 1;
      if (stepsLeft <= 0 || life !== this.#life) throw new MachineLost();
    };
    step();
    if (this.#hasEnded(batch)) return;
    const manifest = this.#files.manifest(batch);
    const sources = await this.#count(manifest);
    step();
    this.#write(batch, "silver.json", { version: 3, sources });
    step();
    const sealed =
      this.#seals.get(batch) ??
      (await this.#changes(manifest, sources, attempt, chance, step));
    this.#seals.set(batch, sealed);
    step();
    if (!this.#hasEnded(batch)) this.#write(batch, "process.json", sealed);
  }

  #hasEnded(batch: number): boolean {
    return (
      this.#files.has(batch, "process.json") ||
      this.#files.has(batch, "skipped.json")
    );
  }

  async #count({ slices }: Manifest): Promise<Accounts> {
    const counted = await Promise.all(
      slices.map(async (slice) => ({
        slice,
        rows: (await this.#movements(slice)).length,
      })),
    );
    const received = counted.reduce((sum, { rows }) => sum + rows, 0);
    const none = { duplicate: 0, quarantined: 0, late: 0, expired: 0 };
    const account = {
      ...{ received, accepted: received, ...none, missing: 0 },
      newestEventAt: null,
      partitions: Object.fromEntries(
        counted.map(({ slice: { generation, partition, from, to }, rows }) => [
          `${generation}/${partition}`,
          { from, to, rows, distinct: rows },
        ]),
      ),
    };
    return { [SOURCE]: account };
  }

  async #changes(
    manifest: Manifest,
    sources: Accounts,
    attempt: number,
    chance: Chance,
    step: () => void,
  ): Promise<ProcessRecord> {
    const { batch, pipeline, incarnation, definition, reloads } = manifest;
    if (reloads.length > 0)
      throw new Error("The stand-in for the job makes no snapshots on demand.");
    const before = batch === 1 ? undefined : await this.#goldAt(batch - 1);
    const after = await this.#goldAt(batch);
    const work = `work/${attempt}-${randomBytes(4).toString("hex")}`;
    const tables: Record<string, ProcessedTable> = {};
    for (const [table, key] of Object.entries(keys)) {
      const { lines, ...counts } = changesOf(table, before, after);
      const changes: Part[] = [];
      for (let from = 0; from < lines.length;) {
        step();
        const to = from + chance.between(1, MOST_ROWS_A_PART);
        const name = `part-${String(changes.length).padStart(5, "0")}.json`;
        const path = `${this.#files.folder(batch)}/${work}/changes/${table}/${name}`;
        const part = lines.slice(from, to);
        this.#writeText(path, part.map((line) => `${line}\n`).join(""));
        changes.push({ path, rows: part.length });
        from = to;
      }
      tables[table] = {
        ...{ key: [...key], ...counts, changes },
        // A table that is new: its change set has all rows.
        ...(batch === 1 ? { snapshot: changes } : {}),
      };
    }
    const mode = batch === 1 ? "snapshot" : "changes";
    const sinks = Object.entries(this.#files.sinksOf(definition)).map(
      ([sink, { tables: named }]) => {
        const modes = named.map((table) => [table, mode] as const);
        return [sink, { tables: Object.fromEntries(modes) }] as const;
      },
    );
    return {
      ...{ version: 3, pipeline, incarnation, batch, definition },
      ...{ sources, newestEventAt: {}, tables },
      sinks: Object.fromEntries(sinks),
    };
  }

  async #goldAt(batch: number): Promise<ReturnType<typeof goldOf>> {
    return goldOf(await this.#carriedAt(batch));
  }

  async #carriedAt(batch: number): Promise<Carried> {
    const known = this.#carried.get(batch);
    if (known !== undefined) return known;
    let carried = await this.#carriedAt(batch - 1);
    for (const slice of this.#files.manifest(batch).slices)
      carried = carry(carried, await this.#movements(slice));
    this.#carried.set(batch, carried);
    return carried;
  }

  /** The events of a slice, from bronze. */
  async #movements({
    path,
    from,
    to,
  }: Manifest["slices"][number]): Promise<Movement[]> {
    const events = await readEvents(join(this.#files.lakeDir, path));
    return events
      .filter(({ SequenceNumber: at }) => at >= from && at <= to)
      .map(({ Body }) => movementOf(Body.toString()));
  }

  #write(batch: number, name: string, document: object): void {
    const folder = join(this.#files.lakeDir, this.#files.folder(batch));
    writeWhole(join(folder, name), JSON.stringify(document));
  }

  #writeText(path: string, text: string): void {
    const file = join(this.#files.lakeDir, path);
    if (!existsSync(dirname(file)))
      mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

interface BronzeEvent {
  readonly SequenceNumber: number;
  readonly Body: Buffer;
}

function readEvents(path: string): Promise<BronzeEvent[]> {
  return new Promise((resolve, reject) => {
    const events: BronzeEvent[] = [];
    avro
      .createFileDecoder(path)
      .on("data", (event: BronzeEvent) => events.push(event))
      .on("error", reject)
      .on("end", () => resolve(events));
  });
}
