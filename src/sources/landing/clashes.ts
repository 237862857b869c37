import { repeated } from "../repeated.ts";
import type { Clash, WrittenEntry } from "../kind.ts";
import { LANDING_EVENTS } from "./names.ts";
import { MOST_BLOB_TRIGGERS, subscriptionOf } from "./provision.ts";
import type { LandingYaml } from "./yaml.ts";

type Entry = WrittenEntry<LandingYaml>;

/** Of Event Grid; the function that it calls is named alike and may have twice as many. */
const MAX_SUBSCRIPTION_NAME = 64;

const fullName = ({ pipeline, source }: Entry): string =>
  `${pipeline}.${source}`;

export const clashes = (sources: readonly Entry[]): Clash<LandingYaml>[] => [
  ...sharedFolders(sources),
  ...subscriptions(sources),
];

/** A landing folder belongs to one source: a file can be claimed once. */
const sharedFolders = (sources: readonly Entry[]): Clash<LandingYaml>[] =>
  repeated(sources, ({ written }) => written.landing).map(
    ({ entry, first }) => ({
      entry,
      path: ["landing"],
      message: `landing/${entry.written.landing} belongs to ${fullName(first)}. Write another folder.`,
    }),
  );

/** A blob trigger has an event subscription of its own, whose name has `-` for `_`. */
function subscriptions(sources: readonly Entry[]): Clash<LandingYaml>[] {
  const entries = sources.filter(({ written }) => written.trigger === "blob");
  const nameOf = ({ pipeline, source }: Entry): string =>
    subscriptionOf(pipeline, source);
  const clash = (entry: Entry, why: string): Clash<LandingYaml> => ({
    entry,
    path: [],
    message: `its event subscription ${nameOf(entry)} ${why}. Write another name, or trigger: queue.`,
  });
  return [
    ...repeated(entries, nameOf).map(({ entry, first }) =>
      clash(entry, `is that of ${fullName(first)}`),
    ),
    ...entries
      .filter((entry) => nameOf(entry) === LANDING_EVENTS)
      .map((entry) => clash(entry, "is that of the queue")),
    ...entries
      .filter((entry) => nameOf(entry).length > MAX_SUBSCRIPTION_NAME)
      .map((entry) =>
        clash(entry, `is longer than ${MAX_SUBSCRIPTION_NAME} characters`),
      ),
    ...entries.slice(MOST_BLOB_TRIGGERS).map((entry) => ({
      entry,
      path: ["trigger"],
      message: `blob is more than Event Grid takes: ${MOST_BLOB_TRIGGERS} sources have a blob trigger already, and the queue's subscription can leave out no more folders. Write trigger: queue.`,
    })),
  ];
}
