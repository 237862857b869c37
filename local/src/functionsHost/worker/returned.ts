import type { ReturnedData } from "./model.ts";

/** The value that the host makes of what a function returned. */
export function returnedValue(data: ReturnedData | null | undefined): unknown {
  if (data === null || data === undefined) return undefined;
  if (data.json !== undefined) return JSON.parse(data.json);
  return data.string ?? data.bytes ?? data.int ?? data.double;
}
