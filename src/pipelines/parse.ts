import { digestOf } from "../domain/canonical.ts";
import type { Definition } from "../domain/definition.ts";

export interface ReadHub {
  readonly hub: string;
  readonly consumerGroup: string;
}

type Parsed =
  | {
      readonly definition: Definition;
      readonly mistake?: undefined;
      readonly hubs: ReadHub[];
    }
  | {
      readonly definition?: undefined;
      readonly mistake: string;
      readonly hubs: ReadHub[];
    };

/**
 * Packaging has checked what a definition says; its digest tells that this is what packaging wrote. Looking at every
 * member again would cost a tenth of the cold start.
 */
export function parseDefinition(name: string, text: string): Parsed {
  let document: Definition;
  try {
    document = JSON.parse(text) as Definition;
  } catch (error) {
    return { mistake: `not JSON: ${String(error)}`, hubs: [] };
  }
  const hubs = hubsOf(document);
  const { version, pipeline, digest } = document;
  // A package of another version of the app may say something else here.
  if ((version as number) !== 1)
    return { mistake: `version ${String(version)} is not known`, hubs };
  if (pipeline !== name)
    return { mistake: `it is the definition of ${pipeline}`, hubs };
  if (digest !== digestOf(document))
    return { mistake: "its digest is not that of its content", hubs };
  return { definition: document, hubs };
}

/** As much as can be read of a broken definition too: events are landed whatever else is wrong. */
function hubsOf(document: unknown): ReadHub[] {
  const sources = (document as { sources?: unknown } | null)?.sources;
  if (typeof sources !== "object" || sources === null) return [];
  return Object.values(sources).flatMap((source: unknown) => {
    const { kind, hub, consumerGroup } = (source ?? {}) as Record<
      string,
      unknown
    >;
    return kind === "hub" &&
      typeof hub === "string" &&
      typeof consumerGroup === "string"
      ? [{ hub, consumerGroup }]
      : [];
  });
}
