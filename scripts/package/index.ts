import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "../setup/paths.mjs";
import { compile } from "./compile.ts";
import { isFresh, remember } from "./freshness.ts";
import { checkGold } from "./gold.ts";
import { PipelineMistakes, type Mistake } from "./mistakes.ts";
import { isEventSource } from "./pipelineFile.ts";
import { provisionOf } from "./provision.ts";
import { readPipeline, type PipelineFolder } from "./readPipeline.ts";
import { stageApp } from "./stage.ts";

/**
 * Checks and compiles `pipelines/*`, writes `infra/generated/pipelines.json`, and stages `out/app`. Does nothing when
 * all that it is made from is as it was.
 * @throws PipelineMistakes with every mistake of every pipeline
 */
export async function packageApp(
  isForced: boolean,
): Promise<{ isFresh: boolean }> {
  if (!isForced && isFresh(projectDir)) return { isFresh: true };
  const folders = readdirSync(join(projectDir, "pipelines"), {
    withFileTypes: true,
  })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readPipeline(projectDir, name));
  const checked = folders.map((folder) => ({
    folder,
    gold: checkGold(folder),
  }));
  const mistakes = [
    ...checked.flatMap(({ folder, gold }) => [
      ...folder.mistakes,
      ...gold.mistakes,
    ]),
    ...sharedFolders(folders),
  ];
  if (mistakes.length > 0) throw new PipelineMistakes(mistakes);
  const definitions = checked.map(({ folder, gold }) => compile(folder, gold));
  mkdirSync(join(projectDir, "infra", "generated"), { recursive: true });
  writeFileSync(
    join(projectDir, "infra", "generated", "pipelines.json"),
    JSON.stringify(provisionOf(folders), null, 2) + "\n",
  );
  await stageApp(projectDir, definitions);
  remember(projectDir);
  return { isFresh: false };
}

/** A landing folder belongs to one source: a file can be claimed once. */
function sharedFolders(folders: readonly PipelineFolder[]): Mistake[] {
  const owners = new Map<string, string>();
  const mistakes: Mistake[] = [];
  for (const { name, pipeline, source } of folders) {
    for (const [key, entry] of Object.entries(pipeline?.sources ?? {})) {
      if (isEventSource(entry)) continue;
      const owner = owners.get(entry.landing);
      if (owner === undefined) owners.set(entry.landing, `${name}.${key}`);
      else {
        const message = `landing/${entry.landing} belongs to ${owner}: choose another folder.`;
        mistakes.push({
          file: source.file,
          line: source.lineOf(["sources", key, "landing"]),
          message,
        });
      }
    }
  }
  return mistakes;
}
