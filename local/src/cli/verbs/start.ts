/**
 * `npm start`: the whole architecture on this machine. Starts the platform with the packaged app, plays the sample
 * through it, prints answers and figures of every pipeline, and stays up. `--once` exits instead: 0 only if every
 * pipeline has processed and delivered everything, and the books balance.
 */
import type { Arguments } from "../../../../scripts/arguments.mjs";
import { BatchBlocked } from "../../platform/batches.ts";
import {
  packagedDefinitions,
  type PackagedDefinition,
} from "../../platform/definitions.ts";
import { readFolders } from "../../platform/folders.ts";
import { endWithParent } from "../../platform/orphans.ts";
import { packageApp } from "../../platform/packageApp.ts";
import { startPlatform, type Platform } from "../../platform/startPlatform.ts";
import { resetState } from "../../platform/state.ts";
import {
  renderFigures,
  renderStages,
  renderVerdict,
} from "../../reconciliation/render.ts";
import {
  findSample,
  sampleIsMissing,
  type Sample,
} from "../../sample/index.ts";
import { printAnswers, printHints, questionsOf } from "../answers.ts";
import { complain, say } from "../say.ts";
import { readPipelineStates } from "../pipelineStates.ts";
import { readStartOptions, type StartOptions } from "../startOptions.ts";
import { stopwatch, type Stopwatch } from "../stopwatch.ts";

const folders = readFolders();

export async function start(args: Arguments): Promise<number> {
  const options = readStartOptions(args);
  let starting: Promise<Platform> | undefined;
  let stopping: Promise<void> | undefined;
  /** Ends the children in order, then this process. Safe to call twice, and while the platform is starting. */
  const stop = (code: number): Promise<void> => {
    stopping ??= (async () => {
      const platform = await starting?.catch(() => undefined);
      await platform?.stop();
      process.exit(code);
    })();
    return stopping;
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (stopping === undefined) say("\nStopping …");
      void stop(signal === "SIGINT" ? 130 : 143);
    });
  }
  endWithParent(() => void stop(1));

  try {
    const watch = stopwatch();
    if (options.reset) await resetState(folders);
    const appDir = await packageApp(folders.projectDir);
    watch.lap("package");
    if (stopping === undefined)
      starting = startPlatform(folders, {
        functionsPort: options.port,
        appDir,
      });
    const platform = await starting;
    if (platform === undefined) return await forever();
    watch.lap("platform");
    void platform.broken.then((sentence) => {
      if (stopping !== undefined) return;
      complain(sentence);
      void stop(1);
    });
    say(`Assay is up: ${platform.clients.functionsUrl}/api/health`);
    const isWell = await showPipelines(platform, options, watch);
    if (!options.once) return await forever();
    await stop(isWell ? 0 : 1);
    return 0;
  } catch (error) {
    // What went wrong while a signal ends us is a consequence of it.
    if (stopping !== undefined) return await forever();
    const platform = await starting?.catch(() => undefined);
    await platform?.stop();
    throw error;
  }
}

/** Until a signal ends the process. */
const forever = (): Promise<never> => new Promise<never>(() => undefined);

/** @returns whether everything is processed, delivered and reconciled */
async function showPipelines(
  { clients }: Platform,
  options: StartOptions,
  watch: Stopwatch,
): Promise<boolean> {
  const definitions = packagedDefinitions(folders.projectDir);
  const sample = options.withSample
    ? findSample(definitions, folders, clients)
    : undefined;
  if (options.withSample && sample === undefined) say(sampleIsMissing);
  const onStage = (stage: string): void => {
    watch.lap(stage);
    say(`  ${stage}: done after ${watch.total().toFixed(1)} s`);
  };
  await play(sample, onStage);
  const { obstacles, reconciliations } = await readPipelineStates(
    folders,
    clients,
    definitions,
    () => onStage("last batch"),
  );
  watch.lap("reconciliation");

  const questions = questionsOf(reconciliations, sample);
  await printAnswers(clients, questions);
  for (const one of reconciliations) say(`${renderFigures(one)}\n`);
  say(`${renderStages(watch.laps)}\n`);
  if (reconciliations.length > 0) say(renderVerdict(reconciliations));
  for (const obstacle of obstacles) complain(`\n${obstacle}`);
  if (!options.once)
    printHints(folders, clients, namesOf(definitions), questions, sample);
  return (
    obstacles.length === 0 &&
    reconciliations.every(({ differences }) => differences.length === 0)
  );
}

/** A batch that is blocked ends the play; it is named with everything else that does not go on. */
async function play(
  sample: Sample | undefined,
  onStage: (stage: string) => void,
): Promise<void> {
  try {
    await sample?.play(onStage);
  } catch (error) {
    if (!(error instanceof BatchBlocked)) throw error;
  }
}

const namesOf = (definitions: readonly PackagedDefinition[]): string[] =>
  definitions.map(({ pipeline }) => pipeline);
