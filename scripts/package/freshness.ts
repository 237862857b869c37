import { join } from "node:path";
import * as stamps from "../setup/stamps.mjs";

/** What the staged folder is made from. */
const MADE_FROM = [
  "src",
  "pipelines",
  "scripts/package",
  "databricks/src",
  "package.json",
  "package-lock.json",
  "host.json",
];

/** What packaging makes: when one of them is gone, it is made again. */
const MADE = [
  "out/app",
  "infra/generated/pipelines.json",
  "infra/generated/schemas.sql",
  "schemas",
];

const stampPath = (projectDir: string): string =>
  join(projectDir, "out", "made-from");

/** Whether all is there that was made from exactly these sources. */
export const isFresh = (projectDir: string, sources: string): boolean =>
  stamps.isFresh(
    {
      stamp: stampPath(projectDir),
      makes: MADE.map((path) => join(projectDir, path)),
    },
    sources,
  );

export const remember = (projectDir: string, sources: string): void => {
  stamps.remember(stampPath(projectDir), sources);
};

/** Of the files that are here now. */
export const digestOfSources = (projectDir: string): string =>
  stamps.digestOf(projectDir, MADE_FROM);
