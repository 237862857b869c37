import { parseArgs } from "node:util";
import { DEFAULT_FUNCTIONS_PORT } from "../platform/ports.ts";
import { UsageError } from "./usageError.ts";

export interface StartOptions {
  /** Ends when everything is processed, delivered and reconciled. */
  readonly once: boolean;
  readonly reset: boolean;
  readonly withSample: boolean;
  readonly port: number;
}

export function readStartOptions(args: readonly string[]): StartOptions {
  const { values } = parse(args);
  const port = Number(values.port ?? DEFAULT_FUNCTIONS_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError("--port takes a number from 0 to 65535.");
  return {
    once: values.once ?? false,
    reset: values.reset ?? false,
    withSample: values["no-sample"] !== true,
    port,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: "boolean" },
        reset: { type: "boolean" },
        "no-sample": { type: "boolean" },
        port: { type: "string" },
      },
    });
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? error.message : String(error),
    );
  }
}
