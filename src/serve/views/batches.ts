import * as z from "zod/mini";
import {
  countView,
  instantView,
  lazily,
  namedBy,
  type ViewOf,
} from "./shared.ts";

const accountView = lazily(() =>
  z.strictObject({
    received: countView(),
    accepted: countView(),
    duplicate: countView(),
    quarantined: countView(),
    late: countView(),
    expired: countView(),
    missing: countView(),
    skipped: z.exactOptional(countView()),
    newestEventAt: z.nullable(instantView()),
    partitions: namedBy(
      z.strictObject({
        from: z.int(),
        to: z.int(),
        rows: countView(),
        distinct: countView(),
      }),
    ),
  }),
);

/** Of a skipped batch whose silver step had not ended: nothing but its size is known. */
const skippedView = lazily(() =>
  z.strictObject({
    received: countView(),
    skipped: countView(),
    files: z.exactOptional(countView()),
  }),
);

const tableView = lazily(() =>
  z.strictObject({
    key: z.array(z.string()),
    rows: countView(),
    inserted: countView(),
    updated: countView(),
    deleted: countView(),
  }),
);

const blockedView = lazily(() =>
  z.strictObject({
    reason: z.enum(["input", "job"]),
    code: z.string(),
    message: z.string(),
    file: z.exactOptional(z.string()),
    line: z.exactOptional(z.int()),
    runPageUrl: z.exactOptional(z.string()),
    definition: z.string(),
    retryAt: z.exactOptional(instantView()),
  }),
);

export const batchView = lazily(() =>
  z.strictObject({
    batch: z.int().check(z.minimum(1)),
    kind: z.enum(["regular", "rebuild"]),
    state: z.enum(["planned", "running", "processed", "skipped", "blocked"]),
    definition: z.string(),
    createdAt: instantView(),
    ends: namedBy(namedBy(namedBy(z.int()))).check(
      z.describe(
        "Last sequence numbers, by stream (<kind>/<name>), generation and partition.",
      ),
    ),
    sources: z.exactOptional(namedBy(z.union([accountView(), skippedView()]))),
    tables: z.exactOptional(namedBy(tableView())),
    seconds: z.exactOptional(
      z
        .number()
        .check(z.describe("Of the last job run, its queueing left out.")),
    ),
    sinks: z.exactOptional(
      namedBy(z.enum(["delivered", "delivering", "waiting", "blocked"])),
    ),
    blocked: z.exactOptional(blockedView()),
  }),
);

export const batchListView = lazily(() =>
  z.strictObject({
    pipeline: z.string(),
    batches: z
      .array(batchView())
      .check(z.describe("The newest first, at most 20.")),
  }),
);

export type BatchView = ViewOf<typeof batchView>;
export type BatchListView = ViewOf<typeof batchListView>;
export type DeliveryState = NonNullable<BatchView["sinks"]>[string];
