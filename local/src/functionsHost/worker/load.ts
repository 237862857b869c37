import { existsSync, globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { AppFault, messageOf } from "../app/appFault.ts";

interface Manifest {
  readonly main?: string;
  readonly type?: "module" | "commonjs";
}

/** Loads the app's entry files as the worker does: `main` of package.json is a glob, in ESM or CommonJS. */
export async function loadApp(appDir: string): Promise<void> {
  const manifest = readManifest(appDir);
  if (manifest.main === undefined || manifest.main === "")
    throw new AppFault(
      `The app's package.json in '${appDir}' has no "main": it must name the entry file.`,
    );
  const files = globSync(manifest.main, { cwd: appDir }).sort();
  if (files.length === 0)
    throw new AppFault(
      `No file of the app in '${appDir}' matches "main" of its package.json: '${manifest.main}'.`,
    );
  const require = createRequire(join(appDir, "package.json"));
  for (const file of files) {
    const path = resolve(appDir, file);
    try {
      if (isModule(path, manifest)) await import(pathToFileURL(path).href);
      else require(path);
    } catch (error) {
      throw new AppFault(
        `The app's entry file '${file}' failed while it was loaded: ${messageOf(error)}`,
        { cause: error },
      );
    }
  }
}

function readManifest(appDir: string): Manifest {
  const path = join(appDir, "package.json");
  if (!existsSync(path))
    throw new AppFault(
      `There is no packaged app in '${appDir}': it has no package.json. Make it with 'npm run package'.`,
    );
  return JSON.parse(readFileSync(path, "utf8")) as Manifest;
}

const isModule = (path: string, { type }: Manifest): boolean =>
  extname(path) === ".mjs" || (type === "module" && extname(path) !== ".cjs");
