import type { SinkKind } from "../kind.ts";
import { createActivities } from "./activities.ts";
import { deliver } from "./deliver.ts";
import { provision } from "./provision.ts";
import { settings } from "./settings.ts";

/** Documents in Cosmos DB, one a row: what the API serves. */
export const cosmos: SinkKind = {
  name: "cosmos",
  settings,
  provision,
  deliver,
  createActivities,
};
