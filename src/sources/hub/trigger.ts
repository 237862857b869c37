import type { AppContext } from "../../context.ts";
import type { SourceTrigger, TriggerInput } from "../kind.ts";
import { bodiesOf } from "./bodies.ts";
import { landEvents } from "./landEvents.ts";
import { hubSources } from "./sources.ts";

interface Hub {
  readonly consumerGroup: string;
  /** Those that read it and can work. */
  readonly pipelines: string[];
}

/** One function a hub: several pipelines may read what it lands. */
export const triggers = (pipelines: AppContext["pipelines"]): SourceTrigger[] =>
  [...hubsOf(pipelines)].map(([hub, readers]) => triggerOf(hub, readers));

const triggerOf = (
  hub: string,
  { consumerGroup, pipelines }: Hub,
): SourceTrigger => ({
  name: `ingestEvents-${hub}`,
  binding: {
    type: "eventHubTrigger",
    connection: "EventHubs",
    eventHubName: hub,
    consumerGroup,
    cardinality: "many",
    // Whole messages, since not every body is bytes; where the host cannot, bytes: text it would guess at.
    sdkBinding: true,
    dataType: "binary",
  },
  // The host moves its checkpoint past a delivery whose retries have ended, and it would be lost.
  retriesForEver: true,
  async take(context: AppContext, { input, metadata }: TriggerInput) {
    await landEvents(context, { hub, bodies: await bodiesOf(input), metadata });
    return pipelines;
  },
});

/** The hubs of disabled pipelines too, as far as they can be read: events are landed whatever else is wrong. */
function hubsOf({
  definitions,
  disabledSources,
}: AppContext["pipelines"]): Map<string, Hub> {
  const hubs = new Map<string, Hub>();
  const add = (hub: string, consumerGroup: string): Hub => {
    const known = hubs.get(hub) ?? { consumerGroup, pipelines: [] };
    hubs.set(hub, known);
    return known;
  };
  for (const [pipeline, definition] of definitions)
    for (const { source } of hubSources(definition))
      add(source.hub, source.consumerGroup).pipelines.push(pipeline);
  for (const { kind, hub, consumerGroup } of disabledSources)
    if (
      kind === "hub" &&
      typeof hub === "string" &&
      typeof consumerGroup === "string"
    )
      add(hub, consumerGroup);
  return hubs;
}
