import type { SweepReport } from "../../domain/records.ts";
import type { Finding } from "./finding.ts";

/** A dropped file that should have been claimed, and could not be. */
export function checkFiles(
  pipeline: string,
  swept: SweepReport | undefined,
): Finding | undefined {
  const failed = swept?.files.find(({ hasFailed }) => hasFailed);
  return (
    failed && {
      state: "fileFailed",
      detail: `a dropped file could not be claimed: GET /api/pipelines/${pipeline} names it`,
      detailWithKey: `${failed.path}: ${failed.reason}`,
    }
  );
}
