import * as z from "zod";
import { sinkActivities, sinkKinds } from "../../../src/sinks/index.ts";
import { aWorld } from "../../support/app/world.ts";

const tables = ["routes", "airport_delays"];

test("a sink in Cosmos DB asks for a container a table, whose documents live as long as they say", () => {
  const sink = { kind: "cosmos", tables, settings: {} };
  expect(sinkKinds["cosmos"]?.provision("flights", "cosmos", sink)).toEqual({
    containers: ["flights_routes", "flights_airport_delays"].map((name) => ({
      ...{ name, partitionKey: "/partition", defaultTtlSeconds: -1 },
    })),
  });
});

test.each(Object.entries(sinkKinds))(
  "the kind %s has its name, no settings in pipeline.yaml, and activities that begin with its name",
  (name, kind) => {
    expect(kind.name).toBe(name);
    expect(kind.settings(z)).toEqual({});
    const activities = Object.keys(kind.createActivities(aWorld()));
    expect(activities.length).toBeGreaterThan(0);
    for (const activity of activities)
      expect(activity.startsWith(name)).toBe(true);
  },
);

test("the activities of all kinds, and what they share, are called by these names", () => {
  expect(Object.keys(sinkActivities(aWorld())).sort()).toEqual([
    ...["blockSink", "cosmosOpenContainers", "cosmosRemoveOlder"],
    ...["cosmosWritePart", "finishDelivery", "noteParts", "notifySend"],
    ...["prepareDelivery", "startDeliveries"],
  ]);
});
