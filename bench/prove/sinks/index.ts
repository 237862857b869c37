/**
 * Cosmos refuses everything until all batches are processed, and meanwhile everything is killed again and again. The
 * sink that depends on nothing tells of each batch all the time; the one after Cosmos is silent. When Cosmos takes
 * documents again, it comes to hold gold, by value, and the second sink tells of each batch as well.
 */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { projectDir } from "../../../local/src/platform/folders.ts";
import { ensureCertificate } from "../../../local/src/shared/tls.ts";
import type { Outcome, Prepare, Proof, ProofOptions } from "../proof.ts";
import { until } from "../until.ts";
import { BatchFiles, PIPELINE } from "./batchFiles.ts";
import { compare, readDelta, readDocuments } from "./compare.ts";
import { Door } from "./door.ts";
import {
  bodyOf,
  carry,
  goldOf,
  movementsOf,
  type Carried,
} from "./movements.ts";
import { ProofPlatform } from "../platform.ts";
import { Receiver } from "./receiver.ts";
import { hasCome, killsOf, type Kill } from "./schedule.ts";
import { StandIn } from "./standIn.ts";
import { ProofTime } from "../time.ts";
import { verdictOf } from "./verdict.ts";

/** How large a form of the proof is. */
interface Size {
  readonly batches: number;
  /** The first ones are processed by Spark. */
  readonly bySpark: number;
  readonly killsBySpark: number;
  readonly killsByStandIn: number;
  /** While Cosmos takes the documents. */
  readonly killsAtEnd: number;
}

const FULL: Size = {
  ...{ batches: 200, bySpark: 20 },
  ...{ killsBySpark: 6, killsByStandIn: 24, killsAtEnd: 3 },
};
const SHORT: Size = {
  ...{ batches: 6, bySpark: 0 },
  ...{ killsBySpark: 0, killsByStandIn: 2, killsAtEnd: 0 },
};

const DAY_MS = 86_400_000;
/** Seconds that pass in one. A job run of Spark must not meet its time-out by it. */
const SPEED_WITH_SPARK = 20;
const SPEED = 600;
/** The SDKs measure by the time that is moved how long an answer takes, and give up after a minute. */
const SPEED_TO_CONNECT = 1;
/** Spark starts in 5 s, and in a minute when others share its cores. */
const PATIENCE_SECONDS = 240;
const LONGEST_AFTER_MS = 400;
const LONGEST_AFTER_MS_WITH_SPARK = 4000;

export const sinks: Prepare = async (options, say) => {
  const size = options.isShort ? SHORT : FULL;
  const pipelinesDir = join(projectDir, "bench", "prove", "pipelines");
  const platform = await ProofPlatform.prepare({
    pipelinesDir,
    ...{ hasSpark: size.bySpark > 0, refusesDocuments: true },
  });
  if (options.isKept) say(`  state: ${platform.stateDir}`);
  return new SinksProof(size, options, platform, say);
};

class SinksProof implements Proof {
  readonly #size: Size;
  readonly #options: ProofOptions;
  readonly #say: (text: string) => void;
  readonly #platform: ProofPlatform;
  readonly #time: ProofTime;
  readonly #files: BatchFiles;
  readonly #standIn: StandIn;
  readonly #door: Door;
  #receiver: Receiver | undefined;
  #settings: Record<string, string> = {};
  #kills = 0;
  #sent = 0;
  /** So many ended batches had the sink that depends on nothing not told of, at most. */
  #mostBehind = 0;
  #carried: Carried = new Map();
  readonly #failures: string[] = [];

  constructor(
    size: Size,
    options: ProofOptions,
    platform: ProofPlatform,
    say: (text: string) => void,
  ) {
    this.#size = size;
    this.#options = options;
    this.#platform = platform;
    this.#say = say;
    this.#time = new ProofTime(platform.stateDir);
    this.#files = new BatchFiles(platform.stateDir);
    this.#standIn = new StandIn(this.#files, options.seed);
    this.#door = new Door(this.#standIn, size.bySpark, platform.databricksUrl);
  }

  async run(): Promise<Outcome> {
    const startedAt = performance.now();
    const { batches, bySpark } = this.#size;
    const receiver = await this.#open();
    await this.#start();
    const kills = this.#plannedKills();
    if (bySpark > 0) {
      for (let batch = 1; batch <= bySpark; batch += 1)
        await this.#process(batch, kills.get(batch));
      await this.#leaveSpark();
    }
    for (let batch = bySpark + 1; batch <= batches; batch += 1) {
      await this.#process(batch, kills.get(batch));
      if (bySpark > 0) await this.#passShareOfDay(batch);
    }
    await this.#delivered("hook");
    const told = receiver.batches("later");
    if (told > 0)
      this.#failures.push(
        `The sink after Cosmos told of ${told} batches while Cosmos had none.`,
      );
    const refusedWrites = this.#platform.refusedWrites();
    await this.#acceptDocuments();
    this.#time.stop();
    return verdictOf({
      ...{ files: this.#files, receiver, sent: this.#sent, refusedWrites },
      gold: goldOf(this.#carried),
      found: await readDocuments(
        this.#platform.clients.cosmos,
        "assay",
        PIPELINE,
      ),
      failures: this.#failures,
      ...{ bySpark, kills: this.#kills, mostBehind: this.#mostBehind },
      seconds: Math.round((performance.now() - startedAt) / 1000),
      hours: Math.floor(this.#time.movedMs / 3_600_000),
    });
  }

  async dispose(): Promise<void> {
    this.#time.stop();
    await this.#platform.dispose(this.#options.isKept);
    await this.#door.close();
    await this.#receiver?.close();
  }

  async #open(): Promise<Receiver> {
    const certificates = join(projectDir, ".assay", "tools", "certificates");
    const receiver = new Receiver(
      await ensureCertificate(certificates),
      this.#options.seed,
      (batch) => this.#files.head("cosmos") > batch,
    );
    this.#receiver = receiver;
    const url = await receiver.open();
    this.#settings = {
      DATABRICKS_HOST: await this.#door.open(),
      NOTIFY_MOVEMENTS_HOOK_URL: `${url}/hook`,
      NOTIFY_MOVEMENTS_HOOK_SECRET: receiver.secret,
      NOTIFY_MOVEMENTS_LATER_URL: `${url}/later`,
      NOTIFY_MOVEMENTS_LATER_SECRET: receiver.secret,
      // The platform's time runs fast: once in a minute of it is often.
      SWEEP_SCHEDULE: "0 * * * * *",
      AzureFunctionsJobHost__extensions__queues__maxPollingInterval: "00:01:00",
    };
    return receiver;
  }

  get #speed(): number {
    return this.#platform.hasSpark ? SPEED_WITH_SPARK : SPEED;
  }

  #plannedKills(): ReadonlyMap<number, Kill> {
    const { batches, bySpark, killsBySpark, killsByStandIn } = this.#size;
    const { seed } = this.#options;
    return new Map([
      ...killsOf(seed, killsBySpark, 1, bySpark, LONGEST_AFTER_MS_WITH_SPARK),
      ...killsOf(seed, killsByStandIn, bySpark + 1, batches, LONGEST_AFTER_MS),
    ]);
  }

  /** Sends what makes one more batch, and waits until it has ended, killing on the way where that is planned. */
  async #process(batch: number, kill: Kill | undefined): Promise<void> {
    const movements = movementsOf(this.#options.seed, batch, this.#carried);
    const landed = this.#files.landed();
    this.#time.run(SPEED_TO_CONNECT);
    await this.#platform.send(PIPELINE, movements.map(bodyOf));
    this.#sent += movements.length;
    this.#carried = carry(this.#carried, movements);
    const haveLanded = (): boolean => this.#files.landed() > landed;
    await this.#until(haveLanded, `the events of batch ${batch} in bronze`);
    this.#time.run(this.#speed);
    if (kill !== undefined) {
      const hasKillsMoment = (): boolean => hasCome(kill, this.#files, batch);
      await this.#until(hasKillsMoment, `batch ${batch} ${kill.moment}`);
      await delay(kill.afterMs);
      await this.#killAndStart();
    }
    const hasEnded = (): boolean => this.#files.ended() >= batch;
    await this.#until(hasEnded, `the end of batch ${batch}`);
    const behind = batch - (this.#receiver?.batches("hook") ?? 0);
    this.#mostBehind = Math.max(this.#mostBehind, behind);
    if (batch % 10 === 0)
      this.#say(
        `  batch ${batch}: ${this.#kills} kills, hook at ${this.#files.head("hook")}, cosmos at ${this.#files.head("cosmos")}`,
      );
  }

  async #killAndStart(): Promise<void> {
    this.#kills += 1;
    await this.#restart();
  }

  /** The tables are what the model says; then Spark is needed no more. */
  async #leaveSpark(): Promise<void> {
    const delta = readDelta(this.#platform.stateDir, PIPELINE);
    const { lost, doubled } = compare(goldOf(this.#carried), delta);
    for (const row of [...lost, ...doubled])
      this.#failures.push(`The Delta table differs: ${row}`);
    await this.#door.leaveWorkspace((method, path) =>
      this.#platform.clients.databricks(method, path),
    );
    this.#platform.hasSpark = false;
    await this.#restart();
  }

  async #restart(): Promise<void> {
    this.#standIn.loseMachines();
    await this.#platform.kill();
    this.#time.run(SPEED_TO_CONNECT);
    await this.#start();
    this.#time.run(this.#speed);
  }

  /** Its health is asked for once: the app connects to everything for it. */
  async #start(): Promise<void> {
    await this.#platform.start(this.#time, this.#settings);
    await this.#platform.clients.get("/api/health");
  }

  /** The batches of the stand-in are spread over a day. */
  async #passShareOfDay(batch: number): Promise<void> {
    const { batches, bySpark } = this.#size;
    const share = (batch - bySpark) / (batches - bySpark);
    const hasPassed = (): boolean => this.#time.movedMs >= DAY_MS * share;
    await this.#until(hasPassed, "its share of a day");
  }

  async #acceptDocuments(): Promise<void> {
    const { batches, killsAtEnd } = this.#size;
    this.#platform.refusesDocuments = false;
    await this.#restart();
    for (let kill = 1; kill <= killsAtEnd; kill += 1) {
      const part = Math.floor((batches * kill) / (killsAtEnd + 1));
      const isThere = (): boolean => this.#files.head("cosmos") > part;
      await this.#until(isThere, `batch ${part} in Cosmos`);
      await this.#killAndStart();
    }
    await this.#delivered("cosmos");
    await this.#delivered("later");
  }

  #delivered(sink: string): Promise<void> {
    return this.#until(
      () => this.#files.head(sink) > this.#size.batches,
      `the sink ${sink} to deliver the last batch`,
    );
  }

  #until(holds: () => boolean, what: string): Promise<void> {
    const seen = (): string =>
      `${what} (heads ${JSON.stringify(["cosmos", "hook", "later"].map((sink) => this.#files.headOf(sink)))})`;
    return until(holds, seen, PATIENCE_SECONDS);
  }
}
