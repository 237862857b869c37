/** The local workspace with the product's own job and jobs of the tests' package, and who asks it for what. */
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "../../../local/src/platform/folders.ts";
import { jobIdOf } from "../../../local/src/services/databricks/index.ts";
import {
  bundleWith,
  startWorkspace,
  type Workspace,
} from "../../../test/support/databricks.ts";

/** Jobs by name: the entry point of `test/support/python`, and the names of its parameters. */
const JOBS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  write: ["write_table", "table"],
  broken: ["fail"],
  once: ["fail_once", "marker"],
  wait: ["wait", "started", "until"],
};

export interface ProofWorkspace extends Workspace {
  /** Ids by name. */
  readonly jobs: Readonly<Record<string, number>>;
  /** The operations that were answered as their callers wished, by what the callers call themselves. */
  readonly seen: ReadonlyMap<string, ReadonlySet<string>>;
}

export async function openWorkspace(): Promise<ProofWorkspace> {
  const folders = bundleWith("resources: { jobs: {} }");
  const bundle = join(folders.projectDir, "databricks");
  const ours = join(projectDir, "databricks");
  for (const part of ["databricks.yml", "resources"])
    cpSync(join(ours, part), join(bundle, part), { recursive: true });
  writeFileSync(join(bundle, "resources", "jobs.yml"), jobsYaml());
  const seen = new Map<string, Set<string>>();
  const workspace = await startWorkspace(folders, {
    witness(operation, agent) {
      const operations = seen.get(agent) ?? new Set();
      seen.set(agent, operations.add(operation));
    },
  });
  return {
    ...workspace,
    jobs: Object.fromEntries(
      Object.keys(JOBS).map((name) => [name, jobIdOf(name)]),
    ),
    seen,
    async stop() {
      await workspace.stop();
      folders.remove();
    },
  };
}

const jobsYaml = (): string => {
  const jobs = Object.entries(JOBS).map(
    ([name, [entryPoint, ...parameters]]) => {
      const list = parameters.map((each) => `{ name: ${each}, default: "" }`);
      return `    ${name}:
      name: ${name}
      max_concurrent_runs: 5
      parameters: [${list.join(", ")}]
      tasks:
        - task_key: ${name}
          python_wheel_task: { package_name: assay_sample, entry_point: ${entryPoint} }`;
    },
  );
  return `resources:\n  jobs:\n${jobs.join("\n")}\n`;
};
