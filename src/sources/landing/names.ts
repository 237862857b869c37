/** The subscription and the queue of the files that no blob trigger is told of. */
export const LANDING_EVENTS = "landing-events";

/** The name of a blob trigger's function. */
export const claimBlobName = (pipeline: string, source: string): string =>
  `claimBlob-${pipeline}-${source}`;
