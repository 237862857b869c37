import { containerOf } from "../../src/domain/documents.ts";
import type { Mistake } from "./mistakes.ts";
import {
  isEventSource,
  type EventSource,
  type FileSource,
  type PipelineFile,
} from "./pipelineFile.ts";
import { LANDING_EVENTS, subscriptionOf } from "./provision.ts";
import type { PipelineFolder } from "./readPipeline.ts";

/** Of Event Grid; the function that it calls is named alike and may have twice as many. */
const MAX_SUBSCRIPTION_NAME = 64;
/** What a source's silver makes beside its table. */
const BESIDE = ["_log", "_quarantine"];

/** What two sources or tables, each right by itself, may not share. */
export const clashesOf = (folders: readonly PipelineFolder[]): Mistake[] => [
  ...folders.flatMap(sharedHubs),
  ...otherSpellings(folders),
  ...sharedFolders(folders),
  ...subscriptions(folders),
  ...silverTables(folders),
  ...sharedContainers(folders),
];

/** An entry of a pipeline's sources or gold. */
interface Entry<Value> {
  readonly folder: PipelineFolder;
  readonly section: "sources" | "gold";
  readonly name: string;
  readonly value: Value;
}

function entriesOf<Value>(
  folders: readonly PipelineFolder[],
  section: "sources" | "gold",
  valuesIn: (pipeline: PipelineFile) => Readonly<Record<string, Value>>,
): Entry<Value>[] {
  return folders.flatMap((folder) =>
    Object.entries(folder.pipeline ? valuesIn(folder.pipeline) : {}).map(
      ([name, value]) => ({ folder, section, name, value }),
    ),
  );
}

const sourcesOf = (folders: readonly PipelineFolder[]) =>
  entriesOf(folders, "sources", ({ sources }) => sources);

const eventsOf = (folders: readonly PipelineFolder[]): Entry<EventSource>[] =>
  sourcesOf(folders).flatMap(({ value, ...entry }) =>
    isEventSource(value) ? [{ ...entry, value }] : [],
  );

const filesOf = (folders: readonly PipelineFolder[]): Entry<FileSource>[] =>
  sourcesOf(folders).flatMap(({ value, ...entry }) =>
    isEventSource(value) ? [] : [{ ...entry, value }],
  );

const fullName = ({ folder, name }: Entry<unknown>): string =>
  `${folder.name}.${name}`;

const mistakeAt = (
  { folder, section, name }: Entry<unknown>,
  path: readonly string[],
  message: string,
): Mistake => ({
  file: folder.source.file,
  line: folder.source.lineOf([section, name, ...path]),
  message: `${[section, name, ...path].join(".")}: ${message}`,
});

/** The entries whose name an earlier one has, with that one. */
function second<Value>(
  entries: readonly Entry<Value>[],
  nameOf: (entry: Entry<Value>) => string,
): { entry: Entry<Value>; first: Entry<Value> }[] {
  const firsts = new Map<string, Entry<Value>>();
  return entries.flatMap((entry) => {
    const first = firsts.get(nameOf(entry));
    if (first !== undefined) return [{ entry, first }];
    firsts.set(nameOf(entry), entry);
    return [];
  });
}

/** Event Hubs compares names without case, and so does the function host, whose functions are named after hubs. */
const hubOf = ({ value }: Entry<EventSource>): string =>
  value.hub.toLowerCase();

/** A batch knows the source of an event by its hub. */
const sharedHubs = (folder: PipelineFolder): Mistake[] =>
  second(eventsOf([folder]), hubOf).map(({ entry, first }) =>
    mistakeAt(
      entry,
      ["hub"],
      `the source ${first.name} reads ${entry.value.hub} already: write another hub, or make them one source.`,
    ),
  );

const otherSpellings = (folders: readonly PipelineFolder[]): Mistake[] =>
  second(eventsOf(folders), hubOf)
    .filter(
      ({ entry, first }) =>
        entry.folder !== first.folder && entry.value.hub !== first.value.hub,
    )
    .map(({ entry, first }) =>
      mistakeAt(
        entry,
        ["hub"],
        `is the hub that ${fullName(first)} names: write ${first.value.hub}.`,
      ),
    );

/** A landing folder belongs to one source: a file can be claimed once. */
const sharedFolders = (folders: readonly PipelineFolder[]): Mistake[] =>
  second(filesOf(folders), ({ value }) => value.landing).map(
    ({ entry, first }) =>
      mistakeAt(
        entry,
        ["landing"],
        `landing/${entry.value.landing} belongs to ${fullName(first)}: write another folder.`,
      ),
  );

/** A blob trigger has an event subscription of its own, whose name has `-` for `_`. */
function subscriptions(folders: readonly PipelineFolder[]): Mistake[] {
  const entries = filesOf(folders).filter(
    ({ value }) => value.trigger === "blob",
  );
  const nameOf = ({ folder, name }: Entry<unknown>): string =>
    subscriptionOf(folder.name, name);
  const clash = (entry: Entry<unknown>, why: string): Mistake =>
    mistakeAt(
      entry,
      [],
      `its event subscription ${nameOf(entry)} ${why}: write another name, or trigger: queue.`,
    );
  return [
    ...second(entries, nameOf).map(({ entry, first }) =>
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
  ];
}

const silverTables = (folders: readonly PipelineFolder[]): Mistake[] =>
  sourcesOf(folders).flatMap((entry) =>
    BESIDE.map((end) => ({ end, owner: entry.name.slice(0, -end.length) }))
      .filter(
        ({ end, owner }) =>
          entry.name.endsWith(end) &&
          entry.folder.pipeline?.sources[owner] !== undefined,
      )
      .map(({ owner }) =>
        mistakeAt(
          entry,
          [],
          `silver.${entry.name} is a table that the source ${owner} makes: write another name.`,
        ),
      ),
  );

/** `a` with the table `b_c` and `a_b` with `c` would be served from one container. */
const sharedContainers = (folders: readonly PipelineFolder[]): Mistake[] =>
  second(
    entriesOf(folders, "gold", ({ gold }) => gold),
    ({ folder, name }) => containerOf(folder.name, name),
  ).map(({ entry, first }) =>
    mistakeAt(
      entry,
      [],
      `its container ${containerOf(entry.folder.name, entry.name)} is that of ${fullName(first)}: write another name.`,
    ),
  );
