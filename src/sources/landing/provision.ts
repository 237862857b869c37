import { CLOSING_APIS } from "../../domain/landing.ts";
import { landingFolder, PROVISIONED_CONTAINER } from "../../domain/paths.ts";
import type { Provision, WrittenEntry } from "../kind.ts";
import { claimBlobName, LANDING_EVENTS } from "./names.ts";
import type { LandingYaml } from "./yaml.ts";

const BLOBS = `/blobServices/default/containers/${PROVISIONED_CONTAINER}/blobs/`;
const CREATED = "Microsoft.Storage.BlobCreated";
const RENAMED = "Microsoft.Storage.BlobRenamed";
const RENAMING_APIS: ReadonlySet<string> = new Set([
  "RenameFile",
  "SftpRename",
]);
/** A hierarchical account announces a copy at its start: it is looked at before it is taken. */
const FINISHED = CLOSING_APIS.filter((api) => !RENAMING_APIS.has(api));

/** An Event Grid subscription takes 25 values in all of its filters: the calls, and the folders that it leaves out. */
const MOST_FILTER_VALUES = 25;
/** How many sources may have a blob trigger: the queue's subscription leaves out the folder of each. */
export const MOST_BLOB_TRIGGERS = MOST_FILTER_VALUES - CLOSING_APIS.length;

/** The name of a blob trigger's event subscription: letters, digits and `-`. */
export const subscriptionOf = (pipeline: string, source: string): string =>
  `${pipeline}-${source}`.replaceAll("_", "-");

const subjectOf = ({ landing }: LandingYaml): string =>
  `${BLOBS}${landingFolder(landing)}/`;

export function provision(
  sources: readonly WrittenEntry<LandingYaml>[],
): Provision {
  const byBlobTrigger = sources.filter(
    ({ written }) => written.trigger === "blob",
  );
  return {
    lake: {
      folders: sources.map(({ written }) => landingFolder(written.landing)),
      queues: [LANDING_EVENTS, `${LANDING_EVENTS}-poison`],
      subscriptions: [
        {
          name: LANDING_EVENTS,
          eventTypes: [CREATED, RENAMED],
          subjectBeginsWith: `${BLOBS}landing/`,
          subjectNotBeginsWith: byBlobTrigger.map(({ written }) =>
            subjectOf(written),
          ),
          apis: [...CLOSING_APIS],
          destination: { queue: LANDING_EVENTS },
        },
        ...byBlobTrigger.map(({ pipeline, source, written }) => ({
          name: subscriptionOf(pipeline, source),
          // The blob trigger reads data.url, which a rename has not: a file that is moved into its folder is swept.
          eventTypes: [CREATED],
          subjectBeginsWith: subjectOf(written),
          subjectNotBeginsWith: [],
          apis: FINISHED,
          destination: { blobTrigger: claimBlobName(pipeline, source) },
        })),
      ],
    },
  };
}
