import type { z } from "zod";
import type { GrammarWords, SourceMistake } from "../kind.ts";

/** Less than Event Hubs allows: the name goes into that of the function `ingestEvents-<hub>`, which has 128 at most. */
const HUB_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,113}[A-Za-z0-9])?$/;

/** A message of the standard tier has 1 MB at most. */
const EVENT_KB = "Write a whole number of kilobytes from 1 to 1024.";

/** As the extension allows for maxWaitTime. */
const MOST_WAIT_SECONDS = 600;

/** As the standard tier of Event Hubs allows. */
const PARTITIONS = "Write a number of partitions from 1 to 32.";

export const yaml = ({ z, duration, contract }: GrammarWords) =>
  z.strictObject({
    hub: z
      .string({ error: "Write the name of an event hub." })
      .regex(
        HUB_NAME,
        "is no name of an event hub that a function can be named after. Write letters, digits, '-' and '_', 115 at most, a letter or digit first and last.",
      ),
    partitions: z
      .int({ error: PARTITIONS })
      .min(1, PARTITIONS)
      .max(32, PARTITIONS)
      .default(4),
    max_event_kb: z
      .int({ error: EVENT_KB })
      .min(1, EVENT_KB)
      .max(1024, EVENT_KB)
      .default(16),
    land_within: duration
      .refine(
        (seconds) => seconds <= MOST_WAIT_SECONDS,
        "is longer than the host can wait. Write 10 minutes at most.",
      )
      .default(2),
    contract,
    event_time: z
      .string({ error: "Write the name of a property of the contract." })
      .optional(),
    late_after: duration.optional(),
    future_after: duration.optional(),
    split: z
      .enum(["array", "records"], { error: "Write array or records." })
      .optional(),
  });

export type HubYaml = z.infer<ReturnType<typeof yaml>>;

/** Keys that say something about the event time. */
const OF_EVENT_TIME = ["late_after", "future_after"] as const;

export function mistakes(written: HubYaml, contract: object): SourceMistake[] {
  const { event_time: eventTime, contract: file } = written;
  if (eventTime === undefined)
    return OF_EVENT_TIME.filter((key) => written[key] !== undefined).map(
      (key) => ({
        path: [key],
        message: `is there without event_time. Write event_time with the property that says when the event happened, or leave ${key} out.`,
      }),
    );
  const words = instantsOf(contract);
  if (words.includes(eventTime)) return [];
  const isThere = Object.hasOwn(propertiesOf(contract), eventTime);
  return [
    isThere
      ? {
          path: ["event_time"],
          message: `${eventTime} cannot be read as an instant: in ${file} it has no format and no x-parse. Write "format": "date-time" there, or "x-parse" with its layout, such as "yyyy/MM/dd HH:mm".`,
        }
      : {
          path: ["event_time"],
          message: `${eventTime} is not among the properties of ${file}.`,
          near: { word: eventTime, words },
        },
  ];
}

/** The properties that can be read as an instant. Whether they are written right is the contract's own check. */
const instantsOf = (contract: object): string[] =>
  Object.entries(propertiesOf(contract)).flatMap(([name, property]) => {
    const isInstant =
      typeof property === "object" &&
      property !== null &&
      ("x-parse" in property || "format" in property);
    return isInstant ? [name] : [];
  });

function propertiesOf(contract: object): object {
  const { properties } = contract as { properties?: unknown };
  return typeof properties === "object" && properties !== null
    ? properties
    : {};
}
