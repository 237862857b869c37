import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "../setup/paths.mjs";
import { checkWithJob } from "./check.ts";
import { clashesOf } from "./clashes.ts";
import { compile } from "./compile.ts";
import { digestOfSources, isFresh, remember } from "./freshness.ts";
import { strayPipelines } from "./folderFiles.ts";
import { hostJsonOf } from "./hostJson.ts";
import { PipelineMistakes, warningLines } from "./mistakes.ts";
import { provisionOf } from "./provision.ts";
import { pipelineNames, readPipeline } from "./readPipeline.ts";
import { schemasSql } from "./schemasSql.ts";
import { writeSchemas } from "./schemas.ts";
import { stageApp } from "./stage.ts";

/**
 * Checks and compiles `pipelines/*`, writes `schemas/` and `infra/generated/`, and stages `out/app`. Does nothing when
 * all that it is made from is as it was.
 * @throws PipelineMistakes with every mistake of every pipeline
 */
export async function packageApp(isForced: boolean): Promise<{
  isFresh: boolean;
  told: readonly string[];
  warnings: readonly string[];
}> {
  // Taken first: what is changed meanwhile is seen by the next call.
  const sources = digestOfSources(projectDir);
  if (!isForced && isFresh(projectDir, sources))
    return { isFresh: true, told: [], warnings: [] };
  const folders = pipelineNames(projectDir).map((name) =>
    readPipeline(projectDir, name),
  );
  const checked = checkWithJob(folders);
  const mistakes = [
    ...strayPipelines(projectDir),
    ...folders.flatMap((folder) => folder.mistakes),
    ...checked.mistakes,
    ...clashesOf(folders),
  ];
  if (mistakes.length > 0) throw new PipelineMistakes(mistakes);
  const definitions = folders.map((folder) =>
    compile(folder, checked.gold.get(folder.name)),
  );
  writeSchemas(projectDir);
  mkdirSync(join(projectDir, "infra", "generated"), { recursive: true });
  const provision = provisionOf(folders);
  writeFileSync(
    join(projectDir, "infra", "generated", "pipelines.json"),
    JSON.stringify(provision, null, 2) + "\n",
  );
  writeFileSync(
    join(projectDir, "infra", "generated", "schemas.sql"),
    schemasSql(provision),
  );
  const { hostJson, told } = hostJsonOf(projectDir, folders);
  await stageApp(projectDir, definitions, hostJson);
  remember(projectDir, sources);
  return { isFresh: false, told, warnings: warningLines(checked.warnings) };
}
