import type { Report, TaskSettings } from "./settings.ts";

/** Every dependency names a task of the job, and none leads back to its own. */
export function checkGraph(tasks: readonly TaskSettings[], tell: Report): void {
  const byKey = new Map(tasks.map((task) => [task.task_key, task]));
  tasks.forEach((task, index) => {
    if (byKey.get(task.task_key) !== task)
      tell(["tasks", index], `Task key ${task.task_key} is used twice.`);
    task.depends_on.forEach((dependency, at) => {
      if (!byKey.has(dependency.task_key))
        tell(
          ["tasks", index, "depends_on", at],
          `There is no task ${dependency.task_key}.`,
        );
    });
    const above = new Set<string>();
    const climb = (from: TaskSettings): void => {
      for (const { task_key: key } of from.depends_on) {
        const upstream = byKey.get(key);
        if (!upstream || above.has(key)) continue;
        above.add(key);
        climb(upstream);
      }
    };
    climb(task);
    if (above.has(task.task_key))
      tell(["tasks", index], `Task ${task.task_key} depends on itself.`);
  });
}

