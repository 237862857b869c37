import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { build, type BuildOptions, type Plugin } from "esbuild";

/** Given by the worker at run time; in no registry. */
const FROM_WORKER = "@azure/functions-core";

/**
 * What `durable-functions` requires when it is loaded and needs only when it is called: its HTTP client, dates,
 * tracing. Left as they are, they are two thirds of the app's cold start. Each becomes a file that is read at its
 * first use instead.
 */
const LATE = [
  "axios",
  "moment",
  "validator",
  "uuid",
  "debug",
  "lodash/cloneDeep",
  "@opentelemetry/api",
];

/** Bundled CommonJS asks for Node's own modules by `require`, which an ES module has to make. */
const BANNER =
  'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);';

const common = {
  bundle: true,
  platform: "node",
  target: "node22",
  minify: true,
  // Some SDKs tell kinds of errors by the names of their classes.
  keepNames: true,
  legalComments: "none",
  logLevel: "error",
} satisfies BuildOptions;

/**
 * Bundles `src/index.ts` and everything it imports. ES modules, so that what `src` imports on first use (the Azure
 * SDKs) lies in chunks of its own and is read from disk on first use only.
 */
export async function bundleApp(
  projectDir: string,
  outDir: string,
): Promise<{
  main: string;
  onFirstUse: Record<string, string>;
}> {
  const [{ metafile }] = await Promise.all([
    build({
      ...common,
      entryPoints: { index: join(projectDir, "src", "index.ts") },
      outdir: outDir,
      outExtension: { ".js": ".mjs" },
      // All in one folder: a late file is looked for beside the chunk that requires it.
      chunkNames: "[name]-[hash]",
      format: "esm",
      splitting: true,
      external: [FROM_WORKER],
      banner: { js: BANNER },
      plugins: [lateRequires, builtinsByRequire],
      absWorkingDir: projectDir,
      metafile: true,
    }),
    build({
      ...common,
      entryPoints: lateModules(projectDir),
      outdir: join(outDir, "late"),
      outExtension: { ".js": ".cjs" },
      format: "cjs",
    }),
  ]);
  // The SDKs by name: `node_modules/@azure/cosmos/…` is `@azure/cosmos`.
  const onFirstUse = Object.fromEntries(
    Object.entries(metafile.outputs).flatMap(([file, { entryPoint = "" }]) => {
      const sdk = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(entryPoint)?.[1];
      return sdk === undefined ? [] : [[sdk, basename(file)]];
    }),
  );
  return { main: "index.mjs", onFirstUse };
}

const lateFile = (module: string): string =>
  module.replace(/^@/, "").replaceAll("/", "-");

/** The versions that `durable-functions` itself finds. */
function lateModules(projectDir: string): Record<string, string> {
  const { resolve } = createRequire(join(projectDir, "package.json"));
  const near = createRequire(resolve("durable-functions"));
  return Object.fromEntries(
    LATE.map((module) => [lateFile(module), near.resolve(module)]),
  );
}

const lateRequires: Plugin = {
  name: "late-requires",
  setup(build) {
    const namespace = "late";
    const filter = new RegExp(`^(${LATE.join("|")})$`);
    build.onResolve({ filter }, ({ path, importer }) =>
      /[\\/]durable-functions[\\/]lib[\\/]/.test(importer)
        ? { path, namespace }
        : undefined,
    );
    build.onResolve({ filter: /\.cjs$/, namespace }, ({ path }) => ({
      path,
      external: true,
    }));
    build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: standInFor(path, `./late/${lateFile(path)}.cjs`),
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
