import { parseArgs } from "node:util";
import { DEFAULT_FUNCTIONS_PORT } from "../platform/ports.ts";

/** A mistake of the person at the keyboard: the message says what to type instead. */
export class UsageError extends Error {}

export interface StartOptions {
  readonly once: boolean;
  readonly reset: boolean;
  readonly port: number;
}

export function readStartOptions(args: readonly string[]): StartOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        once: { type: "boolean" },
        reset: { type: "boolean" },
        port: { type: "string" },
      },
    });
    const port = Number(values.port ?? DEFAULT_FUNCTIONS_PORT);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Error(`--port takes a number from 0 to 65535.`);
    return { once: values.once ?? false, reset: values.reset ?? false, port };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `${reason}\nUsage: npm start -- [--once] [--reset] [--port 7071]`,
    );
  }
}
