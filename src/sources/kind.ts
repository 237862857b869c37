/** What a kind of source is. `index.ts` lists the kinds; each has one folder, with these parts in files of the same names. */
import type { z } from "zod";
import type { AppContext } from "../context.ts";
import type { Definition, Source } from "../domain/definition.ts";
import type { NotLanded } from "../domain/notLanded.ts";
import type {
  AwaitedRange,
  DeepReadonly,
  Ends,
  PendingFile,
} from "../domain/records.ts";
import type { Provision as WholeProvision } from "../domain/schemas/provision.ts";
import type { PartitionPieces, TakenSlice } from "../domain/slices.ts";
import type { Gap } from "../domain/waiting.ts";

export interface SourceKind {
  /** Also the key of a source in pipeline.yaml that tells its kind. */
  readonly name: Source["kind"];
  /** What only packaging needs: the app does not load it. */
  packaging(): Promise<SourcePackaging>;
  triggers(pipelines: AppContext["pipelines"]): SourceTrigger[];
  /** What has arrived after a position, and in no batch yet. It costs O(new input), whatever lies there already. */
  readArrivals(
    context: AppContext,
    definition: Definition,
    after: Position,
  ): Promise<Arrivals>;
  /**
   * Whether there is anything to look for. The sweep asks it all the time: it asks for numbers, and lists bronze only
   * where no number tells.
   */
  hasArrivals(
    context: AppContext,
    definition: Definition,
    after: Pick<Position, "ends" | "awaited">,
  ): Promise<boolean>;
  /**
   * Takes what nobody announced, so much at most, and answers what it could not take. A kind whose service keeps what was
   * not taken does nothing.
   */
  sweep(context: AppContext, definition: Definition): Promise<TakenIn>;
}

/** `Yaml` is what its grammar reads. */
export interface SourcePackaging<Yaml extends WrittenSource = WrittenSource> {
  /** The words of the grammar are handed in. */
  yaml(words: GrammarWords): z.ZodType<Yaml> & { readonly shape: object };
  /** What is wrong with a source although each of its keys is right. */
  mistakes(written: Yaml, contract: object): SourceMistake[];
  compile(written: Yaml, contract: object): Source;
  /** What all sources of the kind need before the app starts. */
  provision(sources: readonly WrittenEntry<Yaml>[]): Provision;
  /** How the host treats the kind's triggers; undefined where it makes no difference. */
  hostJson?(sources: readonly WrittenEntry<Yaml>[]): HostPart | undefined;
  /** What two sources, each right by itself, may not share. */
  clashes(sources: readonly WrittenEntry<Yaml>[]): Clash<Yaml>[];
}

export interface GrammarWords {
  readonly z: typeof z;
  /** A length of time, read as seconds. */
  readonly duration: z.ZodType<number, string>;
  /** The path of a contract in the pipeline's folder. */
  readonly contract: z.ZodType<string, string>;
}

export interface WrittenSource {
  readonly contract: string;
}

export interface WrittenEntry<Yaml> {
  readonly pipeline: string;
  readonly source: string;
  readonly written: Yaml;
}

export interface SourceMistake {
  /** Below the source. */
  readonly path: readonly string[];
  readonly message: string;
  /** A word that is near one of those that would do. */
  readonly near?: { readonly word: string; readonly words: readonly string[] };
}

export interface Clash<Yaml> {
  readonly entry: WrittenEntry<Yaml>;
  /** Below the source. */
  readonly path: readonly string[];
  readonly message: string;
}

/** One section of `extensions` in host.json. */
export interface HostPart {
  readonly extension: string;
  readonly settings: Readonly<Record<string, number | string>>;
  /** For whoever packages: what was chosen, and for which source. */
  readonly told: string;
}

/** What a kind adds to what is provisioned. */
export interface Provision {
  readonly hubs?: Provisioned["hubs"];
  readonly lake?: Omit<Provisioned["lake"], "container">;
}

type Provisioned = DeepReadonly<WholeProvision>;

/** A function that takes input. */
export interface SourceTrigger {
  readonly name: string;
  /** The binding, as the host has it in function.json. */
  readonly binding: { readonly type: string } & Readonly<
    Record<string, unknown>
  >;
  /** Without end where the host would drop an input whose retries have ended. */
  readonly retriesForEver: boolean;
  /** Takes an input in, and answers the pipelines that have something to do now. */
  take(context: AppContext, input: TriggerInput): Promise<readonly string[]>;
}

export interface TriggerInput {
  readonly input: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What became of input that nobody announced. */
export interface TakenIn {
  /** Some of it is taken: its pipeline has something to do now. */
  readonly hasTaken: boolean;
  readonly notTaken: readonly NotTaken[];
}

export const NOTHING_TAKEN: TakenIn = { hasTaken: false, notTaken: [] };

/** A dropped file that waits, and why. */
export interface NotTaken {
  readonly path: string;
  readonly reason: string;
  /** It should have been taken, and could not be. */
  readonly hasFailed: boolean;
  /** Milliseconds, the lake's clock. */
  readonly modifiedAt: number;
}

/** Up to where a pipeline has planned, and how much its next batch may take. */
export interface Position {
  readonly pipeline: string;
  readonly ends: Ends;
  /** Ranges of events that earlier batches did without. */
  readonly awaited: readonly AwaitedRange[];
  readonly maxEvents: number;
  readonly maxFiles: number;
}

export interface Arrivals {
  readonly partitions: readonly PartitionPieces[];
  /** Of ranges that are awaited. */
  readonly recovered: readonly TakenSlice[];
  /** There is more than a batch can hold: what is behind was not looked at. */
  readonly isFull: boolean;
  readonly files: readonly PendingFile[];
  /** What the streams hold and no batch could take yet, of partitions without a gap. */
  readonly notLanded: readonly NotLanded[];
  /** Dropped files that are about to be claimed. */
  readonly unclaimedFiles: number;
  /** When the last of them may be taken, if nobody writes it any more; milliseconds. */
  readonly settlesAt?: number;
  /** Milliseconds, the lake's clock. */
  readonly lastLandedAt?: number;
  readonly gaps: readonly Gap[];
}

export const NO_ARRIVALS: Arrivals = {
  partitions: [],
  recovered: [],
  isFull: false,
  files: [],
  notLanded: [],
  unclaimedFiles: 0,
  gaps: [],
};

/** What has arrived of several streams, partitions or kinds together. */
export function sumArrivals(found: readonly Arrivals[]): Arrivals {
  const lastLandedAt = latestOf(
    found.flatMap((each) => each.lastLandedAt ?? []),
  );
  const settlesAt = latestOf(found.flatMap((each) => each.settlesAt ?? []));
  return {
    partitions: found.flatMap(({ partitions }) => partitions),
    recovered: found.flatMap(({ recovered }) => recovered),
    isFull: found.some(({ isFull }) => isFull),
    files: found.flatMap(({ files }) => files),
    notLanded: found.flatMap(({ notLanded }) => notLanded),
    unclaimedFiles: found.reduce((sum, each) => sum + each.unclaimedFiles, 0),
    gaps: found.flatMap(({ gaps }) => gaps),
    ...(settlesAt === undefined ? {} : { settlesAt }),
    ...(lastLandedAt === undefined ? {} : { lastLandedAt }),
  };
}

/** There may be more times than a call can have arguments, some 125,000: they are not spread. */
export const latestOf = (times: readonly number[]): number | undefined =>
  times.reduce<number | undefined>(
    (latest, time) => Math.max(latest ?? time, time),
    undefined,
  );
