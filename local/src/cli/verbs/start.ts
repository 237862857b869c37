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
import { killChildren } from "../../platform/children.ts";
import { needUsable, readFolders } from "../../platform/folders.ts";
import type { Notice } from "../../platform/notices.ts";
import { findLeftovers, tellLeftover } from "../../platform/leftovers.ts";
import { endWithParent } from "../../platform/orphans.ts";
import { packageApp } from "../../platform/packageApp.ts";
import { startPlatform, type Platform } from "../../platform/startPlatform.ts";
import { resetState } from "../../platform/state.ts";
import { renderFigures, renderVerdict } from "../../reconciliation/render.ts";
import {
  findSample,
  sampleIsMissing,
  type Sample,
} from "../../sample/index.ts";
import { printAnswers, printHints, questionsOf } from "../answers.ts";
import { readPipelineStates, type PipelineStates } from "../pipelineStates.ts";
import { complain, say, sayStage } from "../say.ts";
import { sparkNews } from "../sparkNews.ts";
import { readStartOptions, type StartOptions } from "../startOptions.ts";
import { tellNotices, tellWhile } from "../tellNotices.ts";
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
  onSignals(stop);
  endWithParent(() => void stop(1));

  try {
    const watch = stopwatch();
    needUsable(folders);
    if (options.reset) await resetState(folders);
    const appDir = await packageApp(folders.projectDir, complain);
    sayStage("packaged", watch.lap());
    const news = sparkNews(folders.stateDir);
    if (stopping === undefined)
      starting = startPlatform(folders, {
        functionsPort: options.port,
        appDir,
        onNews: news.tell,
      });
    const platform = await starting;
    if (platform === undefined) return await forever();
    sayStage("services and app started", watch.lap());
    void platform.broken.then((sentence) => {
      if (stopping !== undefined) return;
      complain(`\n${sentence}`);
      void stop(1);
    });
    say(`Assay is up: ${platform.clients.functionsUrl}/api/health`);
    const shown = await showPipelines(platform, options, watch);
    if (!options.once)
      await tellNotices(
        folders.stateDir,
        platform.clients,
        shown.definitions,
        shown.told,
        complain,
      );
    await stop(shown.isWell ? 0 : 1);
    return 0;
  } catch (error) {
    // What went wrong while a signal ends us is a consequence of it.
    if (stopping !== undefined) return await forever();
    stopping = starting?.then(
      (platform) => platform.stop(),
      () => undefined,
    );
    await stopping;
    throw error;
  }
}

/** Signals that come together are one: a terminal and npm may both send it. */
const TOGETHER_MS = 1000;

/** The first signal ends all in order; a second Ctrl-C ends it at once, and the next start goes on from there. */
function onSignals(stop: (code: number) => Promise<void>): void {
  let first: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      const now = performance.now();
      if (first === undefined) {
        first = now;
        say("\nStopping … (Ctrl-C again stops at once)");
      } else if (signal === "SIGINT" && now - first > TOGETHER_MS) {
        killChildren();
        process.exit(130);
      }
      void stop(signal === "SIGINT" ? 130 : 143);
    });
}

/** Until a signal ends the process. */
const forever = (): Promise<never> => new Promise<never>(() => undefined);

interface Shown {
  readonly definitions: readonly PackagedDefinition[];
  /** What stands still or has to be looked after, and was said. */
  readonly told: readonly Notice[];
  /** Whether everything is processed, delivered and reconciled. */
  readonly isWell: boolean;
}

async function showPipelines(
  { clients }: Platform,
  options: StartOptions,
  watch: Stopwatch,
): Promise<Shown> {
  const definitions = packagedDefinitions(folders.projectDir);
  for (const leftover of findLeftovers(folders.stateDir, definitions))
    say(tellLeftover(leftover));
  const sample = options.withSample
    ? findSample(definitions, folders, clients)
    : undefined;
  if (options.withSample && sample === undefined) say(sampleIsMissing);
  const onStage = (stage: string): void => sayStage(stage, watch.lap());
  const settle = async (): Promise<PipelineStates> => {
    await play(sample, onStage);
    return readPipelineStates(folders, clients, definitions, () =>
      onStage("everything processed"),
    );
  };
  const { stuck, degradations, reconciliations } = await tellWhile(
    settle(),
    clients,
    definitions,
    complain,
  );
  onStage("books compared");
  sayStage("all", watch.total());

  const questions = questionsOf(reconciliations, sample);
  await printAnswers(clients, questions);
  for (const one of reconciliations) say(`${renderFigures(one)}\n`);
  if (reconciliations.length > 0) say(renderVerdict(reconciliations));
  const told = [...stuck, ...degradations];
  for (const { text } of told) complain(`\n${text}`);
  if (!options.once)
    printHints(folders, clients, namesOf(definitions), questions, sample);
  const isWell =
    stuck.length === 0 &&
    reconciliations.every(({ differences }) => differences.length === 0);
  return { definitions, told, isWell };
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
