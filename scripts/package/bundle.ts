import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { build, type BuildOptions, type Plugin } from "esbuild";

/** Given by the worker at run time; in no registry. */
const FROM_WORKER = "@azure/functions-core";

/**
 * The registry that the library of Functions reads and the app writes to. It has a file for `require` and one for
 * `import`, each with a registry of its own: the bundle has the library's.
 */
const EXTENSIONS = "@azure/functions-extensions-base";

const commonJsOf = (projectDir: string, module: string): string =>
  createRequire(join(projectDir, "package.json")).resolve(module);

/**
 * What `durable-functions` requires when it is loaded and needs only when it is called: its HTTP client, dates,
 * tracing. Left as they are, they are two thirds of the app's cold start. Each becomes a file that is read at its
 * first use instead, and so does what the library of Functions needs for streams of HTTP alone: `cookie`.
 */
const LATE = [
  "axios",
  "moment",
  "validator",
  "uuid",
  "debug",
  "lodash/cloneDeep",
  "@opentelemetry/api",
  "cookie",
];

/** Bundled CommonJS asks for Node's own modules by `require`, which an ES module has to make. */
const BANNER =
  'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);';

const common = {
  bundle: true,
  platform: "node",
  target: "node22",
  minify: true,
  legalComments: "none",
  logLevel: "error",
} satisfies BuildOptions;

/** Both lie beside `index.mjs`, which imports the one and requires the other. */
const SDKS = "sdk";
const LATE_FILES = "late";

/**
 * Bundles `src/index.ts` and everything that it imports at once into one file, since each file more is read at a cold
 * start. What it imports on first use (the Azure SDKs) lies in files of its own.
 * @returns the main file, and the file of each SDK
 */
export async function bundleApp(
  projectDir: string,
  outDir: string,
): Promise<{
  main: string;
  onFirstUse: Record<string, string>;
}> {
  const sdks = new Set<string>();
  const late = new Set<string>();
  const bundle = (entry: string, name: string) =>
    build({
      ...common,
      entryPoints: { [name]: entry },
      outdir: outDir,
      outExtension: { ".js": ".mjs" },
      format: "esm",
      external: [FROM_WORKER],
      alias: { [EXTENSIONS]: commonJsOf(projectDir, EXTENSIONS) },
      banner: { js: BANNER },
      plugins: [
        lateRequires,
        builtinsByRequire,
        withoutPackaging,
        withoutEntities,
        onFirstUseOf(sdks),
        ownOnFirstUse(late),
      ],
      absWorkingDir: projectDir,
    });
  await Promise.all([
    bundle(join(projectDir, "src", "index.ts"), "index"),
    build({
      ...common,
      entryPoints: lateModules(projectDir),
      outdir: join(outDir, LATE_FILES),
      outExtension: { ".js": ".cjs" },
      format: "cjs",
    }),
  ]);
  // It carries copies of what it shares with the main file: what it notes between two questions is its own.
  for (const module of late) await bundle(module, basename(module, ".ts"));
  await bundleSdks(projectDir, join(outDir, SDKS), sdks);
  return {
    main: "index.mjs",
    onFirstUse: Object.fromEntries(
      [...sdks].sort().map((sdk) => [sdk, `${SDKS}/${flat(sdk)}.mjs`]),
    ),
  };
}

/** What several SDKs share lies in chunks. */
async function bundleSdks(
  projectDir: string,
  outDir: string,
  sdks: ReadonlySet<string>,
): Promise<void> {
  await build({
    ...common,
    entryPoints: Object.fromEntries([...sdks].map((sdk) => [flat(sdk), sdk])),
    outdir: outDir,
    outExtension: { ".js": ".mjs" },
    chunkNames: "[name]-[hash]",
    format: "esm",
    splitting: true,
    // Some SDKs tell kinds of errors by the names of their classes.
    keepNames: true,
    banner: { js: BANNER },
    plugins: [builtinsByRequire],
    absWorkingDir: projectDir,
  });
}

/** Leaves the packages that are imported on first use to files of their own, and notes which these are. */
const onFirstUseOf = (sdks: Set<string>): Plugin => ({
  name: "on-first-use",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind !== "dynamic-import" || path.startsWith("node:"))
        return undefined;
      sdks.add(path);
      return { path: `./${SDKS}/${flat(path)}.mjs`, external: true };
    });
  },
});

/** Leaves modules of the app that are imported on first use to files beside the main one, and notes which these are. */
const ownOnFirstUse = (late: Set<string>): Plugin => ({
  name: "own-on-first-use",
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) => {
      if (kind !== "dynamic-import") return undefined;
      late.add(join(resolveDir, path));
      return { path: `./${basename(path, ".ts")}.mjs`, external: true };
    });
  },
});

/** A package's name as that of a file. */
const flat = (module: string): string =>
  module.replace(/^@/, "").replaceAll("/", "-");

/** The versions that the two libraries themselves find. */
function lateModules(projectDir: string): Record<string, string> {
  const { resolve } = createRequire(join(projectDir, "package.json"));
  const nearOf = (module: string): string =>
    resolve(module === "cookie" ? "@azure/functions" : "durable-functions");
  return Object.fromEntries(
    LATE.map((module) => [
      flat(module),
      createRequire(nearOf(module)).resolve(module),
    ]),
  );
}

const lateRequires: Plugin = {
  name: "late-requires",
  setup(build) {
    const namespace = "late";
    const filter = new RegExp(`^(${LATE.join("|")})$`);
    build.onResolve({ filter }, ({ path, importer }) =>
      /[\\/](?:durable-functions[\\/]lib|@azure[\\/]functions[\\/]dist)[\\/]/.test(
        importer,
      )
        ? { path, namespace }
        : undefined,
    );
    build.onResolve({ filter: /\.cjs$/, namespace }, ({ path }) => ({
      path,
      external: true,
    }));
    build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: standInFor(path, `./${LATE_FILES}/${flat(path)}.cjs`),
    }));
  },
};

/**
 * Stands in for a module that is an object of functions, or a function itself. `debug` is called when the library is
 * loaded, for a function to log with: that one is made at its first use, too.
 */
const standInFor = (module: string, file: string): string => `
  let loaded;
  const load = () => (loaded ??= require(${JSON.stringify(file)}));
  module.exports = ${
    module === "debug"
      ? "(name) => (...parameters) => load()(name)(...parameters)"
      : `new Proxy(function () {}, {
    get: (_, name) => load()[name],
    apply: (_, self, parameters) => load().apply(self, parameters),
  })`
  };`;

/**
 * An `import` of a module of Node's own evaluates everything that it can export (`node:fs`: streams, promises); a
 * `require` does not.
 */
const builtinsByRequire: Plugin = {
  name: "builtins-by-require",
  setup(build) {
    const namespace = "builtin";
    build.onResolve({ filter: /^node:/ }, ({ path, kind, namespace: from }) =>
      kind === "import-statement" && from === "file"
        ? { path, namespace }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/**
 * What a kind of source says to packaging alone is never asked for by the app. Left in the bundle, what it shares with
 * the app would lie in chunks of its own, and each is one more file to read at a cold start.
 */
const withoutPackaging: Plugin = {
  name: "without-packaging",
  setup(build) {
    const namespace = "packaging";
    build.onResolve({ filter: /\/packaging\.ts$/ }, ({ path }) => ({
      path,
      namespace,
    }));
    build.onLoad({ filter: /.*/, namespace }, () => ({
      contents: "export {};",
    }));
  },
};

/** The app has no entities: what `durable-functions` would run them with is not in the bundle. */
const withoutEntities: Plugin = {
  name: "without-entities",
  setup(build) {
    const namespace = "entities";
    build.onResolve({ filter: /\/entities\/Entity$/ }, ({ path, importer }) =>
      /[\\/]durable-functions[\\/]lib[\\/]/.test(importer)
        ? { path, namespace }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace }, () => ({
      contents: `exports.Entity = class { constructor() { throw new Error("This bundle has no entities."); } };`,
    }));
  },
};
