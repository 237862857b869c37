/** Where everything lies in the lake. Paths are functions of identity and position, never of a clock. */
import { bronzeNameOf } from "./names.ts";

/** The container of the lake that packaging provisions. The app itself is told by LAKE_CONTAINER which one it is. */
export const PROVISIONED_CONTAINER = "lake";

/** A bucket of bronze holds the files whose first event is in one run of 2^20 sequence numbers. */
export const BUCKET_EVENTS = 2 ** 20;

const digits = (value: number, width: number): string =>
  String(value).padStart(width, "0");

export interface StreamPartition {
  /** `<kind>/<name>`, such as `hub/flights`. */
  readonly stream: string;
  readonly generation: string;
  readonly partition: string;
}

export const bucketOf = (sequence: number): number =>
  Math.floor(sequence / BUCKET_EVENTS);

/** How everything above the folders of bronze names a stream. */
export const streamOf = (kind: string, name: string): string =>
  `${kind}/${name}`;

/** Streams of two kinds may have one name: their generations differ. */
export const partitionFolder = ({
  stream,
  generation,
  partition,
}: StreamPartition): string =>
  `bronze/events/${stream.slice(stream.indexOf("/") + 1)}/${generation}/${partition}`;

export const bucketFolder = (of: StreamPartition, bucket: number): string =>
  `${partitionFolder(of)}/${digits(bucket, 8)}`;

export const bronzeEventsPath = (
  of: StreamPartition,
  first: number,
  last: number,
): string =>
  `${bucketFolder(of, bucketOf(first))}/${digits(first, 20)}-${digits(last, 20)}.avro`;

/** Events of one bronze file, at most: what reaches beyond a position begins no farther before it. */
export const MAX_FILE_EVENTS = 4_096;

/** Below the folder of a partition, where the files begin that have `first` as their first event or a later one. */
export const nameOfFirst = (first: number): string =>
  `${digits(bucketOf(first), 8)}/${digits(first, 20)}`;

/** The same of the files that may hold the event `sequence`. */
export const firstNameWith = (sequence: number): string =>
  nameOfFirst(Math.max(0, sequence - MAX_FILE_EVENTS + 1));

const BRONZE_EVENTS_NAME = /\/(\d{20})-(\d{20})\.avro$/;

export function rangeOfPath(
  path: string,
): { first: number; last: number } | undefined {
  const match = BRONZE_EVENTS_NAME.exec(path);
  return match
    ? { first: Number(match[1]), last: Number(match[2]) }
    : undefined;
}

export const landingFolder = (folder: string): string => `landing/${folder}`;

/** A dropped name may hold anything; the last part of the claimed path is safe in a URI and in Spark. */
export const bronzeFilePath = (
  folder: string,
  id: string,
  name: string,
): string => `bronze/files/${folder}/${id}/${bronzeNameOf(name)}`;

/** An empty file holds nothing that anybody could read: it lies where no planner and no job looks. */
export const setAsideFilePath = (
  folder: string,
  id: string,
  name: string,
): string => `bronze/setAside/${folder}/${id}/${bronzeNameOf(name)}`;

export const streamsFolder = (kind: string, name: string): string =>
  `_assay/streams/${kind}/${name}`;
export const streamPath = (
  kind: string,
  name: string,
  generation: string,
): string => `${streamsFolder(kind, name)}/${generation}.json`;

export const definitionPath = (pipeline: string, digest: string): string =>
  `_assay/definitions/${pipeline}/${digest}.json`;

const pipelineFolder = (pipeline: string): string =>
  `_assay/pipelines/${pipeline}`;

export const incarnationPath = (pipeline: string): string =>
  `${pipelineFolder(pipeline)}/incarnation.json`;
export const pendingFolder = (pipeline: string): string =>
  `${pipelineFolder(pipeline)}/files/pending`;
export const pendingPath = (pipeline: string, id: string): string =>
  `${pendingFolder(pipeline)}/${id}.json`;
export const assignmentPath = (pipeline: string, id: string): string =>
  `${pipelineFolder(pipeline)}/files/planned/${id}.json`;
export const setAsideFolder = (pipeline: string): string =>
  `${pipelineFolder(pipeline)}/files/setAside`;
export const setAsidePath = (pipeline: string, id: string): string =>
  `${setAsideFolder(pipeline)}/${id}.json`;
export const inputStatusPath = (pipeline: string): string =>
  `${pipelineFolder(pipeline)}/input.json`;
export const planFailurePath = (pipeline: string): string =>
  `${pipelineFolder(pipeline)}/planFailure.json`;
export const sweepReportPath = (pipeline: string): string =>
  `${pipelineFolder(pipeline)}/sweep.json`;
export const requestsFolder = (pipeline: string): string =>
  `${pipelineFolder(pipeline)}/requests`;
export const requestPath = (pipeline: string, id: string): string =>
  `${requestsFolder(pipeline)}/${id}.json`;

/** A batch's documents. */
export function batchPaths(pipeline: string, batch: number) {
  const folder = `${pipelineFolder(pipeline)}/batches/${digits(batch, 10)}`;
  return {
    manifest: `${folder}/manifest.json`,
    definition: `${folder}/definition.json`,
    attempts: `${folder}/attempts`,
    attempt: (attempt: number) => `${folder}/attempts/${attempt}.json`,
    failure: (attempt: number) => `${folder}/failures/${attempt}.json`,
    /** What the processes of the attempts write, each in a folder of its own. */
    work: `${folder}/work`,
    silver: `${folder}/silver.json`,
    process: `${folder}/process.json`,
    skipped: `${folder}/skipped.json`,
    blocked: `${folder}/blocked.json`,
  };
}

export const sinksFolder = (pipeline: string): string =>
  `${pipelineFolder(pipeline)}/sinks`;

/** A sink's documents. */
export function sinkPaths(pipeline: string, sink: string) {
  const folder = `${sinksFolder(pipeline)}/${sink}`;
  return {
    head: `${folder}/head.json`,
    refused: `${folder}/refused`,
    refusedOf: (table: string, hash: string) =>
      `${folder}/refused/${table}/${hash}.json`,
  };
}

/** The name, without its ending, of a document that lies where `pathOf` puts one of that name; undefined for any other file. */
export function nameOfDocument(
  path: string,
  pathOf: (name: string) => string,
): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1, -".json".length);
  return path === pathOf(name) ? name : undefined;
}

const BRONZE_FILE = /^bronze\/files\/([^/]+)\//;

/** The folder below `landing/` that a claimed file was dropped into. */
export const folderOfClaimed = (path: string): string | undefined =>
  BRONZE_FILE.exec(path)?.[1];

/** Where a claimed file was dropped. */
export function landingPathOf({
  path,
  name,
}: {
  readonly path: string;
  readonly name: string;
}): string | undefined {
  const folder = folderOfClaimed(path);
  return folder === undefined ? undefined : `${landingFolder(folder)}/${name}`;
}

/** A name may hold ends of lines, such as U+2028. */
const LANDING = /^landing\/([^/]+)\/(.+)$/s;

/** `landing/airports/2024/a.csv` → folder `airports`, name `2024/a.csv`. */
export function parseLandingPath(
  path: string,
): { folder: string; name: string } | undefined {
  const [, folder, name] = LANDING.exec(path) ?? [];
  return folder === undefined || name === undefined
    ? undefined
    : { folder, name };
}
