import { appendFileSync, createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** One line a fact: time, who, what, fields. Bodies and tokens are never fields. */
export type Log = (
  event: string,
  fields?: Readonly<Record<string, string | number | boolean | undefined>>,
) => void;

/** Lines are written together: a write for each would cost a busy service more than its work. */
const GATHER_MS = 50;

export function logTo(path: string, source: string): Log {
  mkdirSync(dirname(path), { recursive: true });
  const stream = createWriteStream(path, { flags: "a" });
  let gathered = "";
  process.once("exit", () => {
    if (gathered !== "") appendFileSync(path, gathered);
  });
  const write = (): void => {
    stream.write(gathered);
    gathered = "";
  };
  return (event, fields = {}) => {
    if (gathered === "") setTimeout(write, GATHER_MS).unref();
    gathered += `${JSON.stringify({
      at: new Date().toISOString(),
      source,
      event,
      ...fields,
    })}\n`;
  };
}

export const silent: Log = () => undefined;
