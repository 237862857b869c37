/**
 * `npm start`: the whole architecture on this machine. Starts the platform with the packaged app, plays the sample
 * through it, prints the answers and the books, and stays up. `--once` exits instead: 0 only if the books balance.
 */
import { closeBooks } from "../books/index.ts";
import { renderBooks } from "../books/table.ts";
import { readFolders } from "../platform/folders.ts";
import { endWithParent } from "../platform/orphans.ts";
import { resetState, startPlatform, type Platform } from "../platform/run.ts";
import { readPlayed } from "../sample/player.ts";
import { playSample } from "../sample/play.ts";
import { printAnswers, printHints } from "./answers.ts";
import { readStartOptions, UsageError } from "./options.ts";
import { packageApp } from "../platform/packageApp.ts";
import { BatchBlocked } from "../platform/runs.ts";
import { complain, say } from "./say.ts";
import { stopwatch } from "./stopwatch.ts";

const folders = readFolders();
let platform: Platform | undefined;

/** Ends the children in order, then this process. Safe to call twice. */
let stopping: Promise<void> | undefined;
function stop(code: number): Promise<void> {
  stopping ??= (async () => {
    await platform?.stop();
    process.exit(code);
  })();
  return stopping;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (stopping === undefined) say("\nStopping …");
    void stop(signal === "SIGINT" ? 130 : 143);
  });
}
endWithParent(() => void stop(1));

async function main(): Promise<number> {
  const options = readStartOptions(process.argv.slice(2));
  const watch = stopwatch();
  if (options.reset) await resetState(folders);
  const appDir = await packageApp(folders.projectDir);
  watch.lap("package");
  platform = await startPlatform(folders, {
    functionsPort: options.port,
    appDir,
  });
  watch.lap("platform");
  void platform.broken.then((sentence) => {
    if (stopping !== undefined) return;
    complain(sentence);
    void stop(1);
  });
  say(`Assay is up: ${platform.clients.functionsUrl}/api/health`);

  await playSample(folders, platform.clients, (stage) => {
    watch.lap(stage);
    say(`  ${stage}: done after ${watch.total().toFixed(1)} s`);
  });
  const played = readPlayed(folders.stateDir);
  const books = await closeBooks(
    folders,
    platform.clients,
    "flights",
    countSent(played.sent, played.others),
  );
  watch.lap("books");

  await printAnswers(platform.clients);
  say(renderBooks(books, watch.laps));
  if (options.once) return books.differences.length === 0 ? 0 : 1;
  printHints(folders, platform.clients);
  return await new Promise<number>(() => undefined);
}

const countSent = (
  sent: Readonly<Record<string, number>>,
  others: number,
): number => Object.values(sent).reduce((sum, count) => sum + count, others);

try {
  await stop(await main());
} catch (error) {
  if (error instanceof BatchBlocked) {
    complain(`\n${error.message}`);
    complain(`\n${error.whatToDo}`);
  } else {
    complain(`\n${error instanceof Error ? error.message : String(error)}`);
  }
  await stop(error instanceof UsageError ? 2 : 1);
}
