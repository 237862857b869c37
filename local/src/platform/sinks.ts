import type { Batch } from "./batches.ts";

/** A sink, as `GET /api/pipelines/{pipeline}` tells of it. */
export interface Sink {
  readonly state: "idle" | "delivering" | "waiting" | "blocked" | "retired";
  readonly after?: string;
  readonly behind: { readonly batches: number; readonly seconds: number };
  readonly refused: number;
  readonly blocked?: {
    readonly code: string;
    readonly message: string;
    readonly fault: keyof typeof AT_FAULT;
    readonly retryAt: string;
  };
}

export type Sinks = Readonly<Record<string, Sink>>;

const AT_FAULT = {
  ours: "this installation",
  theirs: "the service that it delivers to",
  input: "what it was given to deliver",
} as const;

/** A sink that will not go on by itself soon, whose fault it is, and what a person may do. */
export const blockedSink = (
  pipeline: string,
  name: string,
  { blocked, behind }: Sink,
): string =>
  [
    `The sink ${name} of ${pipeline} is blocked, ${behind.batches} batches behind: ${blocked?.code ?? "unknown"}`,
    `  ${blocked?.message ?? ""}`,
    `At fault is ${AT_FAULT[blocked?.fault ?? "ours"]}; nothing is lost.`,
    `It is tried again at ${blocked?.retryAt ?? "a later time"}, or at once by`,
    `npm run retry -- ${pipeline} --sink ${name}.`,
  ].join("\n");

/** Whether every sink has what it gets of all batches up to this one, but for blocked ones and those that wait for them. */
export function areSettled(sinks: Sinks, newest: Batch | undefined): boolean {
  const isStopped = (name: string, seen: readonly string[] = []): boolean => {
    const sink = sinks[name];
    if (sink === undefined || seen.includes(name)) return false;
    if (sink.state === "blocked") return true;
    return (
      sink.state === "waiting" &&
      sink.after !== undefined &&
      isStopped(sink.after, [...seen, name])
    );
  };
  return Object.entries(sinks).every(([name, { state }]) => {
    if (isStopped(name) || state === "retired") return true;
    const ofNewest = newest?.sinks?.[name] ?? "delivered";
    return state === "idle" && ofNewest === "delivered";
  });
}
