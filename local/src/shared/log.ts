import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** One line a fact: time, who, what, fields. Bodies and tokens are never fields. */
export type Log = (
  event: string,
  fields?: Readonly<Record<string, string | number | boolean | undefined>>,
) => void;

export function logTo(path: string, source: string): Log {
  mkdirSync(dirname(path), { recursive: true });
  const stream = createWriteStream(path, { flags: "a" });
  return (event, fields = {}) => {
    stream.write(
      JSON.stringify({
        at: new Date().toISOString(),
        source,
        event,
        ...fields,
      }) + "\n",
    );
  };
}

export const silent: Log = () => undefined;
