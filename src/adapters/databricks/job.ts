import { AssayError } from "../../errors.ts";
import type { DatabricksClient } from "./client.ts";
import { isJobGone } from "./errors.ts";

/** The part of an answer of `jobs/list` that we read. */
interface Listed {
  readonly jobs?: readonly {
    readonly job_id: number;
    readonly settings?: { readonly name?: string };
  }[];
  readonly next_page_token?: string;
}

/** The one job that runs batches. */
export interface Job {
  /** Calls with the job's id; once more with another id where the bundle was deployed anew meanwhile. */
  with<T>(call: (jobId: number) => Promise<T>): Promise<T>;
  /** Whether the workspace shows the app the job now: who sees a job sees all of its runs. One call, always. */
  isShown(): Promise<boolean>;
}

/**
 * The job by its name, since its id is known only to the deployment of the bundle, which may come after the app's. It
 * costs one call a process.
 */
export function jobNamed(name: () => string, client: DatabricksClient): Job {
  let known: Promise<number> | undefined;
  const find = (): Promise<number> =>
    (known ??= findJob(name(), client).catch((error: unknown) => {
      known = undefined;
      throw error;
    }));
  return {
    async with(call) {
      const wasKnown = known !== undefined;
      const id = await find();
      try {
        return await call(id);
      } catch (error) {
        if (!isJobGone(error)) throw error;
        known = undefined;
        if (!wasKnown) throw error;
        const found = await find();
        // It is still that one: what is refused is the call.
        if (found === id) throw error;
        return call(found);
      }
    },

    async isShown() {
      known = undefined;
      return find().then(
        () => true,
        () => false,
      );
    },
  };
}

async function findJob(
  name: string,
  client: DatabricksClient,
): Promise<number> {
  const [first, second, ...others] = await idsOf(name, client);
  if (first === undefined)
    throw new AssayError(
      "JOB_NOT_FOUND",
      `DATABRICKS_JOB_NAME: the workspace shows this app no job of the name '${name}'.`,
    );
  if (second !== undefined)
    throw new AssayError(
      "JOB_NOT_FOUND",
      `DATABRICKS_JOB_NAME: the workspace has several jobs of the name '${name}': ${[first, second, ...others].join(", ")}.`,
    );
  return first;
}

/** Those of exactly this name: the filter of the service does not tell upper from lower case. */
async function idsOf(
  name: string,
  client: DatabricksClient,
): Promise<readonly number[]> {
  const ids: number[] = [];
  const query = new URLSearchParams({ name });
  for (;;) {
    const { jobs = [], next_page_token: next = "" } = (await client.get(
      `/api/2.2/jobs/list?${query.toString()}`,
    )) as Listed;
    ids.push(
      ...jobs
        .filter(({ settings }) => settings?.name === name)
        .map(({ job_id: id }) => id),
    );
    if (next === "") return ids;
    query.set("page_token", next);
  }
}
