/** What the lake says about batches and sinks, read from its folder: nothing of the app's is asked. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Definition } from "../../../src/domain/definition.ts";
import type { Manifest, SinkHead } from "../../../src/domain/records.ts";

export const PIPELINE = "movements";

export class BatchFiles {
  readonly lakeDir: string;

  constructor(stateDir: string) {
    this.lakeDir = join(stateDir, "lake");
  }

  /** Relative to the lake's root, as documents name it. */
  folder(batch: number): string {
    const name = String(batch).padStart(10, "0");
    return `_assay/pipelines/${PIPELINE}/batches/${name}`;
  }

  has(batch: number, ...names: string[]): boolean {
    return existsSync(join(this.lakeDir, this.folder(batch), ...names));
  }

  read(batch: number, name: string): unknown {
    return this.#json(this.folder(batch), name);
  }

  manifest(batch: number): Manifest {
    return this.read(batch, "manifest.json") as Manifest;
  }

  sinksOf(definition: string): Definition["sinks"] {
    const folder = `_assay/definitions/${PIPELINE}`;
    return (this.#json(folder, `${definition}.json`) as Definition).sinks;
  }

  /** How many files of events lie in bronze. */
  landed(): number {
    const root = join(this.lakeDir, "bronze");
    return existsSync(root)
      ? readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
          (name) => name.endsWith(".avro"),
        ).length
      : 0;
  }

  /** How many batches have ended: they end in order. */
  ended(): number {
    const root = join(this.lakeDir, this.folder(0), "..");
    const planned = existsSync(root) ? readdirSync(root).length : 0;
    return this.has(planned, "process.json")
      ? planned
      : Math.max(0, planned - 1);
  }

  /** The number of the first batch that a sink has not delivered; 0 before it has begun. */
  head(sink: string): number {
    return this.headOf(sink)?.nextBatch ?? 0;
  }

  headOf(sink: string): SinkHead | undefined {
    const folder = `_assay/pipelines/${PIPELINE}/sinks/${sink}`;
    return existsSync(join(this.lakeDir, folder, "head.json"))
      ? (this.#json(folder, "head.json") as SinkHead)
      : undefined;
  }

  #json(...path: string[]): unknown {
    return JSON.parse(readFileSync(join(this.lakeDir, ...path), "utf8"));
  }
}
