import type { Service } from "../service.ts";
import { cosmos } from "./cosmos/index.ts";
import { databricks } from "./databricks/index.ts";
import { eventHubs } from "./eventHubs/index.ts";
import { identity } from "./identity/index.ts";
import { lake } from "./lake/index.ts";

/** The local cloud on one page. The function host is the app's process, not a service of the cloud: `../functionsHostMain.ts`. */
export const services: readonly Service[] = [
  identity,
  eventHubs,
  lake,
  cosmos,
  databricks,
];
