import { jest } from "@jest/globals";
import { sharedKey } from "../../../local/src/shared/keys.ts";
import { runClients } from "../../support/clients.ts";
import { startEventHubs } from "../../support/eventHubs.ts";
import { startLake } from "../../support/lake.ts";

jest.setTimeout(60_000);

test("two consumers of Python balance over the lake and steal nothing from each other", async () => {
  const lake = await startLake();
  const hubs = await startEventHubs({
    stateDir: lake.stateDir,
    hubs: [{ name: "shared", partitions: 4, consumerGroups: [] }],
  });
  const python = await runClients("balancing.py", {
    EVENT_HUBS_ENDPOINT: `sb://127.0.0.1:${hubs.port}`,
    EVENT_HUBS_CONNECTION: hubs.connectionString,
    LAKE_URL: lake.lakeUrl,
    LAKE_KEY: sharedKey(lake.stateDir),
  });
  await Promise.all([hubs.stop(), lake.stop()]);
  expect(python.value("share_without_stealing")).toEqual({
    alone: true,
    halved: true,
    each: [2, 2],
    stolen: false,
  });
});
