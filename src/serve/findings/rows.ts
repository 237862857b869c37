import type { Remark } from "../remarks.ts";
import type { Finding } from "./finding.ts";

/** Everything goes on, but too many rows do not arrive. */
export const checkRows = (
  pipeline: string,
  [first]: readonly Remark[],
): Finding | undefined =>
  first && {
    state: "degraded",
    detail: `${first.publicText}: GET /api/pipelines/${pipeline} says why`,
    detailWithKey: first.text,
  };
