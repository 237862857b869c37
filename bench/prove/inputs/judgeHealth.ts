/** What is no input stays visible: to anybody how many files there are, and to whoever has the key one of them, and why. */
import { until } from "../until.ts";
import { isDigits } from "./oracle/exactJson.ts";
import type { Served } from "./served.ts";
import type { Tally } from "./tally.ts";
import type { FileVector } from "./vectors.ts";

interface NamedFile {
  readonly path: string;
  readonly reason: string;
}

interface Answer {
  readonly state: string;
  readonly detail?: string;
  readonly files?: {
    readonly notTaken: unknown;
    readonly setAside: unknown;
    readonly first?: NamedFile;
    readonly lastSetAside?: NamedFile;
  };
}

/** The sweep looks every ten seconds, and two batches may go on meanwhile. */
const PATIENCE_SECONDS = 60;
const countOf = (value: unknown): number =>
  isDigits(value) ? Number(value.digits) : 0;

/** Rows that are refused on purpose make a pipeline `degraded`; nothing may stand still, or be said to. */
const GOES_ON = ["ok", "degraded"];

function judgeStates(
  tally: Tally,
  pipelines: Readonly<Record<string, Answer>>,
): void {
  for (const [pipeline, { state, detail }] of Object.entries(pipelines))
    if (!GOES_ON.includes(state))
      tally.fail(
        `Health says of ${pipeline}, which is idle: ${state}, ${detail ?? ""}.`,
      );
}

export async function judgeHealth(
  tally: Tally,
  served: Pick<Served, "ask">,
  files: readonly FileVector[],
  patienceSeconds = PATIENCE_SECONDS,
): Promise<void> {
  const left = files.filter(
    ({ wanted }) => "left" in wanted && wanted.left !== "unseen",
  );
  const aside = left.filter(({ copied }) => copied === "old");
  let seen: Answer["files"];
  let pipelines: Readonly<Record<string, Answer>> = {};
  const look = async (): Promise<boolean> => {
    const { body } = await served.ask("/api/health");
    ({ pipelines } = body as { readonly pipelines: typeof pipelines });
    seen = pipelines["usual"]?.files;
    return (
      countOf(seen?.notTaken) === left.length - aside.length &&
      countOf(seen?.setAside) === aside.length
    );
  };
  try {
    await until(look, () => "health to count what is left", patienceSeconds);
  } catch {
    tally.fail(
      `${left.length} files are no input, and health says ${JSON.stringify(seen ?? "nothing")}.`,
    );
    return;
  }
  judgeStates(tally, pipelines);
  const { body } = await served.ask("/api/pipelines/usual");
  const told = (body as Answer).files;
  for (const [named, among] of [
    [told?.first, left],
    [told?.lastSetAside, aside],
  ] as const)
    if (
      !among.some(
        ({ name, wanted }) =>
          named?.path.endsWith(name) === true &&
          "left" in wanted &&
          wanted.left !== "unseen" &&
          wanted.left.test(named.reason),
      )
    )
      tally.fail(
        `The pipeline's answer names ${JSON.stringify(named ?? "nothing")} of the files that are no input.`,
      );
}
