import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "../setup/paths.mjs";
import { clashesOf } from "./clashes.ts";
import { compile } from "./compile.ts";
import { checkContracts } from "./contracts.ts";
import { digestOfSources, isFresh, remember } from "./freshness.ts";
import { checkGold } from "./gold.ts";
import { PipelineMistakes } from "./mistakes.ts";
import { provisionOf } from "./provision.ts";
import { pipelineNames, readPipeline } from "./readPipeline.ts";
import { stageApp } from "./stage.ts";

/**
 * Checks and compiles `pipelines/*`, writes `infra/generated/pipelines.json`, and stages `out/app`. Does nothing when
 * all that it is made from is as it was.
 * @throws PipelineMistakes with every mistake of every pipeline
 */
export async function packageApp(
  isForced: boolean,
): Promise<{ isFresh: boolean }> {
  // Taken first: what is changed meanwhile is seen by the next call.
  const sources = digestOfSources(projectDir);
  if (!isForced && isFresh(projectDir, sources)) return { isFresh: true };
  const folders = pipelineNames(projectDir).map((name) =>
    readPipeline(projectDir, name),
  );
  const checked = folders.map((folder) => ({
    folder,
    gold: checkGold(folder),
  }));
  const mistakes = [
    ...checked.flatMap(({ folder, gold }) => [
      ...folder.mistakes,
      ...gold.mistakes,
    ]),
    ...checkContracts(folders),
    ...clashesOf(folders),
  ];
  if (mistakes.length > 0) throw new PipelineMistakes(mistakes);
  const definitions = checked.map(({ folder, gold }) => compile(folder, gold));
  mkdirSync(join(projectDir, "infra", "generated"), { recursive: true });
  writeFileSync(
    join(projectDir, "infra", "generated", "pipelines.json"),
    JSON.stringify(provisionOf(folders), null, 2) + "\n",
  );
  await stageApp(projectDir, definitions);
  remember(projectDir, sources);
  return { isFresh: false };
}
