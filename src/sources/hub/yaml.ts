import type { z } from "zod";
import type { GrammarWords, SourceMistake } from "../kind.ts";

/** Less than Event Hubs allows: the name goes into that of the function `ingestEvents-<hub>`, which has 128 at most. */
const HUB_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,113}[A-Za-z0-9])?$/;

export const yaml = ({ z, duration, contract }: GrammarWords) =>
  z.strictObject({
    hub: z
      .string({ error: "write the name of an event hub." })
      .regex(
        HUB_NAME,
        "is no name of an event hub that a function can be named after: write letters, digits, '-' and '_', 115 at most, a letter or digit first and last.",
      ),
    partitions: z
      .int({ error: "write a number of partitions." })
      .min(1, "write a number of partitions, 1 at least.")
      .max(32, "write a number of partitions, 32 at most.")
      .default(4),
    contract,
    event_time: z.string().optional(),
    late_after: duration.optional(),
  });

export type HubYaml = z.infer<ReturnType<typeof yaml>>;

export function mistakes(
  { event_time: eventTime, late_after: lateAfter, contract: file }: HubYaml,
  contract: object,
): SourceMistake[] {
  if (eventTime === undefined)
    return lateAfter === undefined
      ? []
      : [
          {
            path: ["late_after"],
            message:
              "needs event_time, the property that says when the event happened.",
          },
        ];
  const words = instantsOf(contract);
  if (words.includes(eventTime)) return [];
  return [
    {
      path: ["event_time"],
      message: `${eventTime} is no property with x-parse or a date format in ${file}.`,
      near: { word: eventTime, words },
    },
  ];
}

/** The properties that can be read as an instant. Whether they are written right is the contract's own check. */
function instantsOf(contract: object): string[] {
  const { properties } = contract as { properties?: unknown };
  if (typeof properties !== "object" || properties === null) return [];
  return Object.entries(properties).flatMap(([name, property]) => {
    const isInstant =
      typeof property === "object" &&
      property !== null &&
      ("x-parse" in property || "format" in property);
    return isInstant ? [name] : [];
  });
}
