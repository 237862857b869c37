/**
 * Everything that people really send and drop, good and bad, goes through the real platform with Spark in a few
 * batches. All of it is accounted for: what is taken comes out of silver and of the API as it went in, what is refused
 * says where and why, and nothing stands still for it.
 */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { listBatches } from "../../../local/src/platform/batches.ts";
import { readProvision } from "../../../local/src/platform/context.ts";
import {
  packagedDefinitions,
  type PackagedDefinition,
} from "../../../local/src/platform/definitions.ts";
import { ProofPlatform } from "../platform.ts";
import { waitUntilIdle } from "../../../local/src/platform/waitUntilIdle.ts";
import type { Outcome, Prepare, Proof, ProofOptions } from "../proof.ts";
import type { RowsOf } from "./compareRows.ts";
import { dropAll, sendAll } from "./drop.ts";
import { readTables } from "./readTables.ts";
import { inputsOf, type Inputs, type Round } from "./inputs.ts";
import { judgeBooks } from "./judgeBooks.ts";
import { judgeEvents } from "./judgeEvents.ts";
import { judgeFiles } from "./judgeFiles.ts";
import { judgeHealth } from "./judgeHealth.ts";
import { judgeServed } from "./judgeServed.ts";
import { writePropertyNames } from "./propertyNames.ts";
import { Served } from "./served.ts";
import { Tally } from "./tally.ts";

/** How many of each kind follow from the seed. */
const GENERATED = 25;
const GENERATED_SHORT = 2;
/** What a batch costs are its sources, hardly what they bring: the short form has the usual ones. */
const PIPELINES_SHORT = ["usual"];

const MOST_SHOWN = 60;

/** Of a machine that others use, too: its two cores have a batch of seven sources in a minute when they are quiet. */
const PATIENCE_MS = 900_000;

/** The sweep says what it left: it is not waited for a minute. */
const SETTINGS = { SWEEP_SCHEDULE: "*/10 * * * * *" };

export const inputs: Prepare = async (options, say) => {
  const pipelinesDir = join(import.meta.dirname, "pipelines");
  const platform = await ProofPlatform.prepare({
    ...{ pipelinesDir, hasSpark: true, complete: writePropertyNames },
    ...(options.isShort ? { pipelines: PIPELINES_SHORT } : {}),
  });
  if (options.isKept) say(`  state: ${platform.stateDir}`);
  return new InputsProof(options, say, platform);
};

class InputsProof implements Proof {
  readonly #options: ProofOptions;
  readonly #say: (text: string) => void;
  readonly #platform: ProofPlatform;
  readonly #definitions: readonly PackagedDefinition[];
  readonly #inputs: Inputs;
  readonly #tally = new Tally();
  /** The newest batch of each pipeline when the first round was over. */
  readonly #lastOfFirst = new Map<string, number>();

  constructor(
    options: ProofOptions,
    say: (text: string) => void,
    platform: ProofPlatform,
  ) {
    this.#options = options;
    this.#say = say;
    this.#platform = platform;
    this.#definitions = packagedDefinitions(platform.checkout);
    const count = options.isShort ? GENERATED_SHORT : GENERATED;
    this.#inputs = inputsOf(options.seed, count);
  }

  async run(): Promise<Outcome> {
    const startedAt = performance.now();
    const seconds = (): number =>
      Math.round((performance.now() - startedAt) / 1000);
    await this.#platform.start(undefined, SETTINGS);
    const isTaken = await this.#tally.judge(async () => {
      for (const round of [this.#inputs.first, this.#inputs.second]) {
        await this.#take(round);
        this.#say(`  a round is processed after ${seconds()} s`);
      }
    });
    if (isTaken) await this.#judge();
    const { failures } = this.#tally;
    const shown = failures.slice(0, MOST_SHOWN);
    if (failures.length > MOST_SHOWN)
      shown.push(`… and ${failures.length - MOST_SHOWN} more.`);
    return {
      failures: shown,
      counts: { ...this.#tally.counts(), seconds: seconds() },
    };
  }

  dispose(): Promise<void> {
    return this.#platform.dispose(this.#options.isKept);
  }

  async #take({ events, files }: Round): Promise<void> {
    const { clients, stateDir, checkout } = this.#platform;
    const lakeDir = join(stateDir, "lake");
    const lake = clients.lake(readProvision(checkout).lake.container);
    const isRead = (source: string): boolean =>
      this.#definitions.some(({ sources }) => source in sources);
    const dropped = files.filter(({ source }) => isRead(source));
    const sent = Object.entries(events).filter(([hub]) => isRead(hub));
    await Promise.all([
      dropAll(lake, lakeDir, dropped, this.#options.seed),
      ...sent.map(([hub, vectors]) =>
        sendAll(this.#platform.producer(hub), vectors),
      ),
    ]);
    for (const definition of this.#definitions) await this.#wait(definition);
  }

  /** What is stuck, be it a batch, a file or a sink, is what the proof looks for. */
  async #wait(definition: PackagedDefinition): Promise<void> {
    const { clients, checkout } = this.#platform;
    const { container } = readProvision(checkout).lake;
    const { pipeline } = definition;
    const left = new Set(
      this.#inputs.first.files
        .filter(({ wanted, copied }) => "left" in wanted && copied !== "old")
        .map(({ source, name }) => `landing/${source}/${name}`),
    );
    const idle = await Promise.race([
      waitUntilIdle(clients, container, definition, (path) => left.has(path)),
      delay(PATIENCE_MS, undefined, { ref: false }),
    ]);
    if (idle === undefined)
      throw new Error(`${pipeline} is not idle after ${PATIENCE_MS / 1000} s.`);
    for (const { text } of idle.stuck) this.#tally.fail(text);
    if (this.#lastOfFirst.has(pipeline)) return;
    const [newest] = await listBatches(clients, pipeline);
    this.#lastOfFirst.set(pipeline, newest?.batch ?? 0);
  }

  async #judge(): Promise<void> {
    const { clients, stateDir, checkout } = this.#platform;
    const served = new Served(clients, stateDir);
    const tally = this.#tally;
    const inputs = this.#inputs;
    const toolsDir = join(checkout, ".assay", "tools");
    const folders = { projectDir: checkout, toolsDir, stateDir };
    for (const definition of this.#definitions) {
      const { pipeline } = definition;
      await tally.judge(async () => {
        const rows = this.#readRows(definition);
        this.#judgeSilver(definition, rows);
        await judgeServed(tally, served, pipeline, rows, inputs);
      });
      await tally.judge(() =>
        judgeBooks(tally, { clients, served, definition, inputs, folders }),
      );
    }
    await tally.judge(() => judgeHealth(tally, served, inputs.first.files));
  }

  #readRows({ pipeline, sources }: PackagedDefinition): RowsOf {
    const table = (name: string): string => `${pipeline}_silver/${name}`;
    const names = Object.keys(sources).flatMap((name) => [name, `${name}_log`]);
    const found = readTables(this.#platform.stateDir, names.map(table));
    return (name) => found[table(name)] ?? [];
  }

  #judgeSilver({ pipeline, sources }: PackagedDefinition, rows: RowsOf): void {
    const rounds = [this.#inputs.first, this.#inputs.second];
    for (const [source, { input }] of Object.entries(sources)) {
      const log = rows(`${source}_log`);
      const silver = rows(source);
      if (input === "files") {
        const files = rounds.map((round) =>
          round.files.filter((file) => file.source === source),
        );
        const last = this.#lastOfFirst.get(pipeline) ?? 0;
        judgeFiles(this.#tally, source, files, last, { log, silver });
      } else {
        const events = rounds.flatMap((round) => round.events[source] ?? []);
        judgeEvents(this.#tally, source, events, log, silver);
      }
    }
  }
}
