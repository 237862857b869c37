import * as z from "zod/mini";
import type { Definition } from "../domain/definition.ts";

const positive = z.number().check(z.positive());

/** What the app itself reads of a definition; the rest is for the jobs and passes untouched. */
const schema = z.looseObject({
  version: z.literal(1),
  pipeline: z.string(),
  digest: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  sources: z.record(
    z.string(),
    z.discriminatedUnion("kind", [
      z.looseObject({
        kind: z.literal("events"),
        hub: z.string(),
        consumerGroup: z.string(),
      }),
      z.looseObject({
        kind: z.literal("files"),
        folder: z.string(),
        trigger: z.enum(["blob", "queue"]),
      }),
    ]),
  ),
  gold: z.record(
    z.string(),
    z.looseObject({ key: z.array(z.string()).check(z.minLength(1)) }),
  ),
  goldOrder: z.array(z.string()),
  batching: z.object({
    quietForSeconds: z.number(),
    atMostSeconds: positive,
    maxEvents: positive,
    maxFiles: positive,
  }),
});

interface ReadHub {
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

export function parseDefinition(name: string, text: string): Parsed {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return { mistake: `not JSON: ${String(error)}`, hubs: [] };
  }
  const hubs = hubsOf(document);
  const read = schema.safeParse(document);
  if (!read.success) {
    const mistake = read.error.issues
      .map((issue) => `${issue.path.join(".")}: ${issue.message}`)
      .join("; ");
    return { mistake, hubs };
  }
  if (read.data.pipeline !== name)
    return { mistake: `it is the definition of ${read.data.pipeline}`, hubs };
  return { definition: read.data, hubs };
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
    return kind === "events" &&
      typeof hub === "string" &&
      typeof consumerGroup === "string"
      ? [{ hub, consumerGroup }]
      : [];
  });
}
