import type { Arguments } from "../../../scripts/arguments.mjs";
import { DEFAULT_FUNCTIONS_PORT } from "../platform/ports.ts";

export interface StartOptions {
  /** Ends when everything is processed, delivered and reconciled. */
  readonly once: boolean;
  readonly reset: boolean;
  readonly withSample: boolean;
  readonly port: number;
}

export const readStartOptions = ({
  values,
  flags,
}: Arguments): StartOptions => ({
  once: flags.has("once"),
  reset: flags.has("reset"),
  withSample: !flags.has("no-sample"),
  port: Number(values.get("port") ?? DEFAULT_FUNCTIONS_PORT),
});
