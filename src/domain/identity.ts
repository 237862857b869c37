/** The names that make repeating harmless: the same thing has the same name, however often it comes. */
import { hash } from "node:crypto";

const hexOf = (text: string, digits: number): string =>
  hash("sha256", text, "hex").slice(0, digits);

/** One life of a hub: recreated, failed over or moved, it is another generation and shares no position. */
export const generationOf = (life: {
  readonly namespace: string;
  readonly hub: string;
  readonly createdOn: string;
  readonly epoch: string;
}): string =>
  hexOf([life.namespace, life.hub, life.createdOn, life.epoch].join("\n"), 12);

export const isGeneration = (name: string): boolean =>
  /^[0-9a-f]{12}$/.test(name);

/** ETags come with and without quotes, by the endpoint that says them. */
export const bareEtag = (etag: string): string => etag.replaceAll('"', "");

/** A drop: a file of this path with this content. Dropped again under the same path, it has another ETag. */
export const fileIdOf = (path: string, etag: string): string =>
  hexOf(`${path}\n${bareEtag(etag)}`, 16);

export const isFileId = (name: string): boolean => /^[0-9a-f]{16}$/.test(name);

/** One life of a pipeline's state; sorts by the time it was made. */
export function incarnationOf(madeAt: Date, random: Buffer): string {
  const time = madeAt.toISOString().replace(/[-:.]/g, "");
  return `${time}-${random.toString("hex").slice(0, 6)}`;
}

/**
 * The idempotency token of an attempt. It names the attempt, not the batch alone: Databricks answers a known token
 * with the run it had, also with a failed one. At most 64 characters (Jobs 2.2, run-now).
 */
export function runTokenOf(attempt: {
  readonly pipeline: string;
  readonly incarnation: string;
  readonly batch: number;
  readonly step: string;
  readonly attempt: number;
}): string {
  const digest = hexOf(
    [
      attempt.pipeline,
      attempt.incarnation,
      attempt.batch,
      attempt.step,
      attempt.attempt,
    ].join("\n"),
    32,
  );
  const words = `${attempt.pipeline.slice(0, 12)}-${attempt.batch}-${attempt.attempt}`;
  return `${words}-${digest}`.slice(-64);
}
