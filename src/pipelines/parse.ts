import { digestOf } from "../domain/canonical.ts";
import type { Definition } from "../domain/definition.ts";

/** Not taken from the schemas, which would load the whole of zod at the start of the app. */
const DEFINITION_VERSION = 3 satisfies Definition["version"];

export type Parsed =
  | { readonly definition: Definition }
  | {
      readonly mistake: string;
      /** As much as can be read of a broken definition too. */
      readonly sources: readonly UnknownSource[];
    };

export type UnknownSource = Readonly<Record<string, unknown>>;

/**
 * Packaging has checked what a definition says; its digest tells that this is what packaging wrote. Looking at every
 * member again would cost a tenth of the cold start.
 */
export function parseDefinition(name: string, text: string): Parsed {
  let document: Definition;
  try {
    document = JSON.parse(text) as Definition;
  } catch (error) {
    return { mistake: `not JSON: ${String(error)}`, sources: [] };
  }
  const mistake = mistakeIn(document, name);
  return mistake === undefined
    ? { definition: document }
    : { mistake, sources: sourcesIn(document) };
}

function mistakeIn(
  document: Definition | null,
  name: string,
): string | undefined {
  if (typeof document !== "object" || document === null) return "not an object";
  const { pipeline, digest } = document;
  const version: number = document.version;
  // A package of another version of the app may say something else here.
  if (version !== DEFINITION_VERSION)
    return `version ${String(version)} is not known`;
  if (pipeline !== name) return `it is the definition of ${pipeline}`;
  if (digest !== digestOf(document))
    return "its digest is not that of its content";
  return undefined;
}

function sourcesIn(document: unknown): UnknownSource[] {
  const sources = (document as { sources?: unknown } | null)?.sources;
  if (typeof sources !== "object" || sources === null) return [];
  return Object.values(sources).filter(
    (source: unknown): source is UnknownSource =>
      typeof source === "object" && source !== null,
  );
}
