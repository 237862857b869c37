import { join } from "node:path";
import type { Clients } from "../platform/clients.ts";
import type { PlatformFolders } from "../platform/context.ts";
import type { Reconciliation } from "../reconciliation/reconcile.ts";
import type { Sample } from "../sample/index.ts";
import { functionKey } from "../shared/keys.ts";
import { renderAnswer } from "./renderAnswer.ts";
import { say, terminalWidth } from "./say.ts";

/** A terminal is no place for more. */
const MOST_QUESTIONS = 3;

/** Questions to the app's API that have an answer: the sample's own, and the first row of each table of the others. */
export function questionsOf(
  reconciliations: readonly Reconciliation[],
  sample: Sample | undefined,
): string[] {
  return reconciliations.flatMap(({ pipeline, tables }) =>
    pipeline === sample?.pipeline
      ? sample.questions
      : Object.entries(tables.gold)
          .flatMap(([table, { keys }]) => {
            const key = keys[0]?.map(encodeURIComponent).join("/");
            return key === undefined
              ? []
              : [`/api/insights/${pipeline}/${table}/${key}`];
          })
          .slice(0, MOST_QUESTIONS),
  );
}

export async function printAnswers(
  clients: Clients,
  questions: readonly string[],
): Promise<void> {
  say();
  for (const question of questions) {
    const { status, body } = await clients.get(question);
    say(renderAnswer(question, status, body, terminalWidth()));
    say();
  }
}

/** What to try next, with the key that this state made. */
export function printHints(
  { stateDir }: PlatformFolders,
  { functionsUrl }: Clients,
  pipelines: readonly string[],
  questions: readonly string[],
  sample: Sample | undefined,
): void {
  const key = functionKey(stateDir);
  const paths = [
    ...questions.slice(0, 1),
    ...pipelines.map((pipeline) => `/api/batches/${pipeline}`),
  ];
  say();
  say("Try:");
  for (const path of paths)
    say(
      `  curl '${functionsUrl}${path}${path.includes("?") ? "&" : "?"}code=${key}'`,
    );
  for (const hint of sample?.hints(join(stateDir, "lake")) ?? [])
    say(`  ${hint}`);
  say("Ctrl-C stops everything. npm start goes on where it was;");
  say("npm start -- --reset begins anew.");
}
