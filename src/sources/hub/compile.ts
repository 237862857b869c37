import type { HubSource } from "../../domain/definition.ts";
import { streamOf } from "../../domain/paths.ts";
import type { HubYaml } from "./yaml.ts";

/** The consumer group of the function app in every hub. */
export const CONSUMER_GROUP = "assay";

const DAY_SECONDS = 24 * 60 * 60;

export function compile(
  {
    hub,
    land_within: landWithinSeconds,
    event_time: eventTime,
    late_after: lateAfterSeconds,
    future_after: futureAfterSeconds = DAY_SECONDS,
    split,
  }: HubYaml,
  contract: object,
): HubSource {
  return {
    kind: "hub",
    input: "stream",
    stream: streamOf("hub", hub),
    hub,
    consumerGroup: CONSUMER_GROUP,
    contiguous: true,
    landWithinSeconds,
    ...(eventTime === undefined ? {} : { eventTime, futureAfterSeconds }),
    ...(lateAfterSeconds === undefined ? {} : { lateAfterSeconds }),
    ...(split === undefined ? {} : { split }),
    contract: { ...contract },
  };
}
