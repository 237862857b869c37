import type { TypedData } from "../../worker/typedData.ts";

/**
 * When a trigger's value is the text of a JSON object, its top-level properties that are no arrays join the binding
 * data, over what is there: texts as texts, objects as JSON, others as .NET writes them.
 */
export function mergedProperties(value: TypedData): Record<string, TypedData> {
  if (!("string" in value) || !/^\s*\{/.test(value.string)) return {};
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(value.string) as Record<string, unknown>;
  } catch {
    return {};
  }
  const merged: Record<string, TypedData> = {};
  for (const [name, property] of Object.entries(parsed)) {
    if (property === null || Array.isArray(property)) continue;
    merged[name] =
      typeof property === "object"
        ? { json: JSON.stringify(property) }
        : { string: dotnetText(property) };
  }
  return merged;
}

/** .NET writes True and False. */
const dotnetText = (value: unknown): string =>
  typeof value === "boolean" ? (value ? "True" : "False") : String(value);
