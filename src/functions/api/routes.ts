/** Every route of the API. The OpenAPI document, the checks of what is asked, and access hang on this table. */
import { getBatch } from "./getBatch.ts";
import { getBatches } from "./getBatches.ts";
import { getHealth } from "./getHealth.ts";
import { getInsight } from "./getInsight.ts";
import { getOpenapi } from "./getOpenapi.ts";
import { getPipeline } from "./getPipeline.ts";
import { getPipelines } from "./getPipelines.ts";
import type { Route } from "./route.ts";

export const routes: readonly Route[] = [
  getInsight,
  getBatches,
  getBatch,
  getPipelines,
  getPipeline,
  getHealth,
  getOpenapi,
];
