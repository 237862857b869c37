import { repeated } from "../../src/sources/repeated.ts";
import type { Mistake } from "./mistakes.ts";
import type { PipelineFolder } from "./readPipeline.ts";
import { compileSink, sinksOf } from "./sinks.ts";
import { mistakeAt } from "./sourceFile.ts";
import { packagedKinds, sourcesOfKind } from "./sources.ts";

/** What a source's silver makes beside its table. */
const BESIDE = ["_log", "_quarantine"];

/** What two sources or tables, each right by itself, may not share. */
export const clashesOf = (folders: readonly PipelineFolder[]): Mistake[] => [
  ...sources(folders),
  ...silverTables(folders),
  ...sharedContainers(folders),
  ...settingNames(folders),
];

const sources = (folders: readonly PipelineFolder[]): Mistake[] =>
  packagedKinds.flatMap((kind) => {
    const found = sourcesOfKind(folders, kind);
    return kind
      .clashes(found.map(({ entry }) => entry))
      .flatMap(({ entry, path, message }) => {
        const folder = found.find((each) => each.entry === entry)?.folder;
        return folder === undefined
          ? []
          : [
              mistakeAt(
                folder.source,
                ["sources", entry.source, ...path],
                message,
              ),
            ];
      });
  });

const silverTables = (folders: readonly PipelineFolder[]): Mistake[] =>
  folders.flatMap((folder) => {
    const names = Object.keys(folder.pipeline?.sources ?? {});
    return names.flatMap((name) =>
      BESIDE.map((end) => ({ end, owner: name.slice(0, -end.length) }))
        .filter(({ end, owner }) => name.endsWith(end) && names.includes(owner))
        .map(({ owner }) =>
          mistakeAt(
            folder.source,
            ["sources", name],
            `silver.${name} is a table that the source ${owner} makes. Write another name.`,
          ),
        ),
    );
  });

/** The host reads `__` in a setting's name as a step into a section. */
const NESTED = "__";

/** `a` with the sink `b_c` and `a_b` with `c` would read one address and one secret. */
function settingNames(folders: readonly PipelineFolder[]): Mistake[] {
  const found = folders.flatMap((folder) =>
    Object.entries(folder.pipeline ? sinksOf(folder.pipeline) : {}).flatMap(
      ([sink, written]) => {
        const { settings = [] } = written.kind.provision(
          folder.name,
          sink,
          compileSink(written, []),
        );
        return settings.map((setting) => ({ folder, sink, setting }));
      },
    ),
  );
  const nested = found.filter(({ setting }) => setting.includes(NESTED));
  const told = [
    ...repeated(found, ({ setting }) => setting).map(({ entry, first }) => ({
      ...entry,
      what: `its setting ${entry.setting} is that of the sink ${first.folder.name}.${first.sink} too. Write another name.`,
    })),
    ...nested.map((entry) => ({
      ...entry,
      what: `its setting would be ${entry.setting}, and the host keeps ${NESTED} for sections. Write names of the pipeline and the sink without ${NESTED} and without _ at the end.`,
    })),
  ];
  return oneForEachSink(told).map(({ folder, sink, what }) =>
    mistakeAt(folder.source, ["sinks", sink], what),
  );
}

/** A sink has several settings, with one prefix: the first is told. */
const oneForEachSink = <
  Entry extends { readonly folder: PipelineFolder; readonly sink: string },
>(
  entries: readonly Entry[],
): Entry[] => [
  ...new Map(
    [...entries]
      .reverse()
      .map((entry) => [`${entry.folder.name}.${entry.sink}`, entry]),
  ).values(),
];

interface FoundContainer {
  readonly folder: PipelineFolder;
  readonly sink: string;
  readonly table: string;
  readonly container: string;
}

/** `a` with the table `b_c` and `a_b` with `c` would be served from one container; so would two sinks of one table. */
const sharedContainers = (folders: readonly PipelineFolder[]): Mistake[] =>
  repeated(folders.flatMap(containersOf), ({ container }) => container).map(
    ({ entry: { folder, sink, table, container }, first }) =>
      first.folder === folder
        ? mistakeAt(
            folder.source,
            ["sinks", sink],
            `the sink ${first.sink} delivers ${table} into its container ${container} already. Write other tables.`,
          )
        : mistakeAt(
            folder.source,
            ["gold", table],
            `its container ${container} is that of ${first.folder.name}.${first.table}. Write another name.`,
          ),
  );

function containersOf(folder: PipelineFolder): FoundContainer[] {
  const { name, pipeline } = folder;
  if (!pipeline) return [];
  return Object.entries(sinksOf(pipeline)).flatMap(([sink, written]) => {
    const { kind } = written;
    const compiled = compileSink(written, Object.keys(pipeline.gold));
    return [...new Set(compiled.tables)].flatMap((table) =>
      (
        kind.provision(name, sink, { ...compiled, tables: [table] })
          .containers ?? []
      ).map((container) => ({
        folder,
        sink,
        table,
        container: container.name,
      })),
    );
  });
}
