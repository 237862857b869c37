import type { AppContext } from "../../context.ts";
import { parseLandingEvent, type DroppedFile } from "../../domain/landing.ts";
import { landingFolder } from "../../domain/paths.ts";
import { fileRefused } from "../../telemetry/events.ts";
import type { SourceTrigger, TriggerInput } from "../kind.ts";
import { claimFile } from "./claimFile.ts";
import { claimBlobName, LANDING_EVENTS } from "./names.ts";
import { landingSources } from "./sources.ts";

/** One function for the queue of all files, and one for each source that asks for a blob trigger of its own. */
export const triggers = ({
  definitions,
}: AppContext["pipelines"]): SourceTrigger[] => [
  claimQueued,
  ...[...definitions].flatMap(([pipeline, definition]) =>
    landingSources(definition)
      .filter(({ source }) => source.trigger === "blob")
      .map(({ name, source }) => claimBlob(pipeline, name, source.folder)),
  ),
];

/** Event Grid tells of dropped files through a storage queue: a pointer of a few bytes, never the file. */
const claimQueued: SourceTrigger = {
  name: "claimQueued",
  binding: {
    type: "queueTrigger",
    connection: "Lake",
    queueName: LANDING_EVENTS,
  },
  retriesForEver: false,
  async take(context, { input }) {
    const event = parseLandingEvent(input);
    if (event?.container !== context.config.lake.container) {
      fileRefused(context.log, {
        path: event?.path ?? "",
        why: "the message names no file of the lake",
      });
      return [];
    }
    return take(context, event);
  },
};

/** The host hands the whole file over: for small files only. */
const claimBlob = (
  pipeline: string,
  source: string,
  folder: string,
): SourceTrigger => ({
  name: claimBlobName(pipeline, source),
  binding: {
    type: "blobTrigger",
    connection: "Lake",
    path: `%LAKE_CONTAINER%/${landingFolder(folder)}/{name}`,
    source: "EventGrid",
  },
  retriesForEver: false,
  take(context, { metadata }) {
    // `container/path`; the {name} of the pattern may arrive as a number.
    const path = String(metadata["blobTrigger"]).split("/").slice(1).join("/");
    // What the host has read, which may be newer than what was announced: nothing says that this is closed.
    return take(context, { path, ...etagOf(metadata), isClosed: false });
  },
});

/** The properties of the blob as the host read it; null where it was gone by then. */
function etagOf({
  properties,
}: TriggerInput["metadata"]): Pick<DroppedFile, "etag"> {
  if (typeof properties !== "object" || properties === null) return {};
  const { eTag } = properties as { eTag?: unknown };
  return typeof eTag === "string" ? { etag: eTag } : {};
}

async function take(
  context: AppContext,
  dropped: DroppedFile,
): Promise<readonly string[]> {
  const { pipeline } = await claimFile(context, dropped);
  return pipeline === undefined ? [] : [pipeline];
}
