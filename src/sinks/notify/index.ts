import type { SinkKind } from "../kind.ts";
import { createActivities } from "./activities.ts";
import { deliver } from "./deliver.ts";
import { provision } from "./provision.ts";
import { settings } from "./settings.ts";

/** One signed CloudEvent over HTTPS for each delivered batch, at least once. */
export const notify: SinkKind = {
  name: "notify",
  settings,
  provision,
  deliver,
  createActivities,
};
