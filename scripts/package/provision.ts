import { containerOf } from "../../src/domain/documents.ts";
import { CONSUMER_GROUP } from "./compile.ts";
import { isEventSource, type FileSource } from "./pipelineFile.ts";
import type { PipelineFolder } from "./readPipeline.ts";

const CONTAINER = "lake";
const SUBJECT = `/blobServices/default/containers/${CONTAINER}/blobs/landing/`;
/** What a finished file is announced by; a hierarchical account announces a copy at its start, so it is settled first. */
const FINISHED = [
  "PutBlob",
  "PutBlockList",
  "FlushWithClose",
  "CopyBlob",
  "SftpCommit",
];
/** The subscription and the queue of the files that no blob trigger is told of. */
export const LANDING_EVENTS = "landing-events";
const CREATED = "Microsoft.Storage.BlobCreated";
const RENAMED = "Microsoft.Storage.BlobRenamed";

/** Everything that must be there before the app starts: `infra/generated/pipelines.json`, for Bicep and the laptop. */
export function provisionOf(folders: readonly PipelineFolder[]): object {
  const files = folders.flatMap(({ name, pipeline }) =>
    Object.entries(pipeline?.sources ?? {}).flatMap(([source, entry]) =>
      isEventSource(entry) ? [] : [{ pipeline: name, source, entry }],
    ),
  );
  const byBlobTrigger = files.filter(({ entry }) => entry.trigger === "blob");
  return {
    version: 1,
    hubs: hubsOf(folders),
    lake: {
      container: CONTAINER,
      folders: [
        "landing",
        "bronze",
        "_assay",
        ...files.map(({ entry }) => `landing/${entry.landing}`),
      ],
      queues: [LANDING_EVENTS, `${LANDING_EVENTS}-poison`],
      subscriptions: [
        {
          name: LANDING_EVENTS,
          eventTypes: [CREATED, RENAMED],
          subjectBeginsWith: SUBJECT,
          subjectNotBeginsWith: byBlobTrigger.map(({ entry }) =>
            subjectOf(entry),
          ),
          apis: [...FINISHED, "RenameFile"],
          destination: { queue: LANDING_EVENTS },
        },
        ...byBlobTrigger.map(({ pipeline, source, entry }) => ({
          name: subscriptionOf(pipeline, source),
          // The blob trigger reads data.url, which a rename has not: a file that is moved into its folder is swept.
          eventTypes: [CREATED],
          subjectBeginsWith: subjectOf(entry),
          subjectNotBeginsWith: [],
          apis: FINISHED,
          destination: { blobTrigger: `ingestFile-${pipeline}-${source}` },
        })),
      ],
    },
    cosmos: {
      database: "assay",
      containers: folders.flatMap(({ name, pipeline }) =>
        Object.keys(pipeline?.gold ?? {}).map((table) => ({
          name: containerOf(name, table),
          partitionKey: "/partition",
          // On, without a default: only tombstones expire.
          defaultTtlSeconds: -1,
        })),
      ),
    },
    schedules: [{ name: "sweep", cron: "0 */1 * * * *" }],
  };
}

/** The name of a blob trigger's event subscription: letters, digits and `-`. */
export const subscriptionOf = (pipeline: string, source: string): string =>
  `${pipeline}-${source}`.replaceAll("_", "-");

const subjectOf = ({ landing }: FileSource): string => `${SUBJECT}${landing}/`;

function hubsOf(folders: readonly PipelineFolder[]): object[] {
  const partitions = new Map<string, number>();
  for (const { pipeline } of folders) {
    for (const entry of Object.values(pipeline?.sources ?? {})) {
      if (isEventSource(entry))
        partitions.set(
          entry.hub,
          Math.max(entry.partitions, partitions.get(entry.hub) ?? 0),
        );
    }
  }
  return [...partitions].map(([name, count]) => ({
    name,
    partitions: count,
    consumerGroups: [CONSUMER_GROUP],
  }));
}
