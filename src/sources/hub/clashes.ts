import { repeated } from "../repeated.ts";
import type { Clash, WrittenEntry } from "../kind.ts";
import type { HubYaml } from "./yaml.ts";

type Entry = WrittenEntry<HubYaml>;

/** Event Hubs compares names without case, and so does the function host, whose functions are named after hubs. */
const hubOf = ({ written }: Entry): string => written.hub.toLowerCase();

export const clashes = (sources: readonly Entry[]): Clash<HubYaml>[] => [
  ...sharedHubs(sources),
  ...otherSpellings(sources),
];

/** A batch knows the source of an event by its hub. */
const sharedHubs = (sources: readonly Entry[]): Clash<HubYaml>[] =>
  repeated(sources, (entry) => `${entry.pipeline} ${hubOf(entry)}`).map(
    ({ entry, first }) => ({
      entry,
      path: ["hub"],
      message: `the source ${first.source} reads ${entry.written.hub} already. Write another hub, or make them one source.`,
    }),
  );

const otherSpellings = (sources: readonly Entry[]): Clash<HubYaml>[] =>
  repeated(sources, hubOf)
    .filter(
      ({ entry, first }) =>
        entry.pipeline !== first.pipeline &&
        entry.written.hub !== first.written.hub,
    )
    .map(({ entry, first }) => ({
      entry,
      path: ["hub"],
      message: `is the hub that ${first.pipeline}.${first.source} names in other letters. Write ${first.written.hub}.`,
    }));
