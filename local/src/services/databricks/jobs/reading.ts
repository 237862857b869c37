import type { Path } from "../bundle/source.ts";
import type { Report } from "./settings.ts";

export function unknownKeys(
  value: Record<string, unknown>,
  at: Path,
  known: readonly string[],
  what: string,
  tell: Report,
): void {
  for (const key of Object.keys(value))
    if (!known.includes(key))
      tell(
        [...at, key],
        `The local workspace does not support ${key} of a ${what}.`,
      );
}

export const isText = (value: unknown): value is string => typeof value === "string";

export function text(
  value: Record<string, unknown>,
  key: string,
  at: Path,
  tell: Report,
): string | undefined {
  const found = value[key];
  if (found === undefined || isText(found)) return found;
  tell([...at, key], `${key} is a text.`);
  return undefined;
}

export function list(
  value: Record<string, unknown>,
  key: string,
  at: Path,
  tell: Report,
): readonly unknown[] {
  const found = value[key];
  if (found === undefined) return [];
  if (Array.isArray(found)) return found;
  tell([...at, key], `${key} is a list.`);
  return [];
}

export function count(
  value: Record<string, unknown>,
  key: string,
  otherwise: number,
  at: Path,
  tell: Report,
): number {
  const found = value[key];
  if (found === undefined) return otherwise;
  if (typeof found === "number" && Number.isInteger(found) && found >= 0)
    return found;
  tell([...at, key], `${key} is a whole number, 0 or more.`);
  return otherwise;
}
