import type { RunIf } from "../jobs/settings.ts";
import { type Ending, isFailure } from "./endings.ts";
import { type RunRecord, latest } from "./record.ts";

/** May a task run, given how its upstream tasks ended? Otherwise: how it ends without running. */
export function decide(
  runIf: RunIf,
  upstream: readonly Ending[],
): "run" | Ending {
  // A task that was switched off for this run counts as if it were not there.
  const counted = upstream.filter((ending) => ending !== "disabled");
  const succeeded = counted.filter((ending) => ending === "success").length;
  const failed = counted.filter(
    (ending) => isFailure(ending) || ending === "upstreamFailed",
  ).length;
  const hasCanceled = counted.some((ending) =>
    ["canceled", "upstreamCanceled"].includes(ending),
  );
  const otherwise: Ending = hasCanceled
    ? "upstreamCanceled"
    : failed > 0
      ? "upstreamFailed"
      : "excluded";
  if (counted.length === 0) return "run";
  switch (runIf) {
    case "ALL_SUCCESS":
      return succeeded === counted.length ? "run" : otherwise;
    case "AT_LEAST_ONE_SUCCESS":
      return succeeded > 0 ? "run" : otherwise;
    case "NONE_FAILED":
      return failed === 0 && !hasCanceled && succeeded > 0 ? "run" : otherwise;
    case "ALL_DONE":
      return "run";
    case "AT_LEAST_ONE_FAILED":
      return failed > 0 ? "run" : "excluded";
    case "ALL_FAILED":
      return failed === counted.length ? "run" : "excluded";
  }
}

/** How a run ends whose tasks have all ended: its leaves decide. */
export function conclude(run: RunRecord): { ending: Ending; message: string } {
  if (run.stop === "canceled")
    return { ending: "canceled", message: "Run cancelled." };
  if (run.stop === "timedOut")
    return {
      ending: "timedOut",
      message: `Run timed out after ${run.settings.timeout_seconds} seconds.`,
    };
  const tasks = latest(run);
  const inner = new Set(
    run.settings.tasks.flatMap((task) =>
      task.depends_on.map((dependency) => dependency.task_key),
    ),
  );
  const broken = tasks.find((task) => task.ending && isFailure(task.ending));
  const isFine = (ending: Ending | undefined): boolean =>
    ending === "success" || ending === "excluded" || ending === "disabled";
  const leavesAreFine = tasks
    .filter((task) => !inner.has(task.taskKey))
    .every((task) => isFine(task.ending));
  if (leavesAreFine)
    return broken
      ? { ending: "successWithFailures", message: "" }
      : { ending: "success", message: "" };
  const message = broken
    ? `Task ${broken.taskKey} failed with message: ${broken.message}.`
    : "A task was skipped.";
  const ending = broken?.ending;
  return ending === "driverLost" ||
    ending === "noCluster" ||
    ending === "invalid"
    ? { ending, message }
    : { ending: "tasksFailed", message };
}
