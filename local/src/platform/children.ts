import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

/** Thrown when a process of the platform ends before it is ready: the message is the process's own. */
export class ProcessFailed extends Error {
  constructor(name: string, message: string) {
    super(
      message === ""
        ? `The ${name} could not start: its log says why.`
        : message,
    );
    this.name = "ProcessFailed";
  }
}

/** What a child tells while it runs: an event of its log that people want to know of. */
export interface News {
  readonly event: string;
  readonly message?: string;
}

/** All children of this process that have not ended. */
const running = new Set<ChildProcess>();

/** For whoever does not want to wait: what the children have started ends when it sees that they are gone. */
export function killChildren(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** A child that has said `ready`. */
export interface Child {
  readonly pid: number;
  /** Resolves with the exit code when the child has ended. */
  readonly ended: Promise<number | null>;
  /** The end of what it has written to stderr: where Node says why it dies. */
  lastWords(): string;
  /** Asks it to end in order; kills it when it has not ended after the grace period. */
  stop(): Promise<void>;
}

const GRACE_MS = 20_000;

/** Starts a script of `local/src` under this Node and waits until it says `ready` on its channel. */
export function startChild(
  projectDir: string,
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  onNews: (news: News) => void = () => undefined,
): Promise<Child> {
  return new Promise((resolve, reject) => {
    const [script = "", ...rest] = args;
    const child = spawn(process.execPath, [join(projectDir, script), ...rest], {
      cwd: projectDir,
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // A process group of its own: Ctrl-C reaches us alone, and we end the children in order.
      detached: true,
    });
    running.add(child);
    child.once("close", () => running.delete(child));
    let complaint = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-4_000);
    });
    const lastWords = (): string => complaint.trim();
    // `close` and not `exit`: what it said last is read first.
    const ended = new Promise<number | null>((done) =>
      child.once("close", (code) => done(code)),
    );
    child.on("message", (message: { type: string } & Partial<News>) => {
      const { type, event = "", message: text } = message;
      if (type === "news")
        onNews({ event, ...(text === undefined ? {} : { message: text }) });
      if (message.type === "ready")
        resolve({
          pid: child.pid ?? 0,
          ended,
          lastWords,
          stop: () => stopChild(child, ended),
        });
      if (message.type === "failed")
        reject(new ProcessFailed(name, message.message ?? ""));
    });
    child.once("close", () => reject(new ProcessFailed(name, lastWords())));
  });
}

async function stopChild(
  child: ChildProcess,
  ended: Promise<number | null>,
): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  await ended;
  clearTimeout(timer);
}
