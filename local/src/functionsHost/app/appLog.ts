import type { Log } from "../../shared/log.ts";
import type { LogEntry } from "../worker/registry.ts";

/** Lines of the library's own chatter are left out; what the app logs is kept at every level. */
const isChatter = ({ level, category }: LogEntry): boolean =>
  category === "system" && (level === "debug" || level === "trace");

export const appLog =
  (log: Log) =>
  (entry: LogEntry): void => {
    if (isChatter(entry)) return;
    const { category, level, message, functionName, invocationId } = entry;
    log(`${category}.log`, {
      level,
      function: functionName,
      invocation: invocationId,
      message,
    });
  };
