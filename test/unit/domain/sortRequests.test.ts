import type { OperatorRequest } from "../../../src/domain/records.ts";
import {
  askedOf,
  NO_REQUESTS,
  sortRequests,
  type SortedRequests,
} from "../../../src/domain/sortRequests.ts";
import type { NewestBatch } from "../../../src/domain/waiting.ts";
import { aDefinition } from "../../support/app/world.ts";

const of = { version: 3, createdAt: "2026-01-01T00:00:00.000Z" } as const;
const retry: OperatorRequest = { ...of, id: "retry", kind: "retry" };
const retrySink: OperatorRequest = { ...retry, sink: "cosmos" };
const skip: OperatorRequest = { ...of, id: "skip", kind: "skip", batch: 4 };
const reload: OperatorRequest = {
  ...{ ...of, id: "reload", kind: "reload" as const },
  sink: "cosmos",
};

const aNewest = (
  state: NewestBatch["state"],
  more: Partial<NewestBatch> = {},
): NewestBatch => ({
  ...{ batch: 4, createdAt: of.createdAt, definition: "d", state },
  ...more,
});

/** Where one request goes; undefined where it is none of the planner's. */
function placeOf(
  request: OperatorRequest,
  newest?: NewestBatch,
  more: { planned?: string[]; formerSinks?: string[] } = {},
): string | undefined {
  const sorted = sortRequests([request], {
    newest,
    planned: new Set(more.planned),
    definition: aDefinition(),
    formerSinks: new Set(more.formerSinks),
  });
  const places = Object.entries(sorted).flatMap(([place, requests]) =>
    (requests as readonly OperatorRequest[]).map(() => place),
  );
  expect(places.length).toBeLessThanOrEqual(1);
  return places[0];
}

test("a retry is for a batch that is blocked, and pointless for any other", () => {
  expect(placeOf(retry, aNewest("blocked"))).toBe("retries");
  expect(placeOf(retry, aNewest("ended"))).toBe("pointless");
  expect(placeOf(retry, aNewest("unfinished"))).toBe("pointless");
  expect(placeOf(retry)).toBe("pointless");
});

test("a retry of a sink is the sink's own, unless there is no such sink and never was", () => {
  expect(placeOf(retrySink, aNewest("blocked"))).toBeUndefined();
  const other = { ...retrySink, sink: "other" };
  expect(placeOf(other, aNewest("blocked"))).toBe("pointless");
  expect(placeOf(other, undefined, { formerSinks: ["other"] })).toBeUndefined();
});

test("a skip is for the newest batch while it is blocked, waits while that is tried, and is pointless otherwise", () => {
  expect(placeOf(skip, aNewest("blocked"))).toBe("skips");
  expect(placeOf(skip, aNewest("unfinished"))).toBeUndefined();
  expect(placeOf(skip, aNewest("ended"))).toBe("pointless");
  expect(placeOf(skip, aNewest("blocked", { batch: 5 }))).toBe("pointless");
  expect(placeOf(skip)).toBe("pointless");
});

test("a reload is of a sink, or of a table that the sink has, once there is a batch", () => {
  const newest = aNewest("ended");
  expect(placeOf(reload, newest)).toBe("reloads");
  expect(placeOf({ ...reload, table: "routes" }, newest)).toBe("reloads");
  expect(placeOf({ ...reload, table: "other" }, newest)).toBe("pointless");
  expect(placeOf({ ...reload, sink: "other" }, newest)).toBe("pointless");
  expect(placeOf(reload)).toBe("pointless");
});

test("what the newest manifest names is planned, whatever it is", () => {
  const newest = aNewest("blocked");
  for (const request of [retry, retrySink, skip, reload])
    expect(placeOf(request, newest, { planned: [request.id] })).toBe("planned");
});

const asked = (more: Partial<SortedRequests>, newest?: NewestBatch) =>
  askedOf({ ...NO_REQUESTS, ...more }, newest);

test("a skip goes before a retry, a retry before a reload, and what is left over is settled", () => {
  const ended = aNewest("ended");
  const all = {
    ...{ skips: [skip], retries: [retry], reloads: [reload] },
    pointless: [retry],
  } as const;
  expect(asked(all, ended)).toBe("skip");
  expect(asked({ ...all, skips: [] }, ended)).toBe("retry");
  expect(asked({ ...all, skips: [], retries: [] }, ended)).toBe("reload");
  expect(asked({ pointless: [retry] }, ended)).toBe("settle");
  expect(asked({ planned: [reload] }, ended)).toBe("settle");
  expect(asked({}, ended)).toBeUndefined();
});

test("a reload, and what a skipped batch owes, wait until the newest batch has ended", () => {
  const reloads = [reload] as const;
  for (const state of ["unfinished", "blocked"] as const) {
    expect(asked({ reloads }, aNewest(state))).toBeUndefined();
    expect(asked({}, aNewest(state, { isOwed: true }))).toBeUndefined();
  }
  expect(asked({ reloads }, aNewest("ended"))).toBe("reload");
  expect(asked({}, aNewest("ended", { isOwed: true }))).toBe("reload");
  expect(asked({}, aNewest("ended", { isOwed: false }))).toBeUndefined();
  expect(asked({ reloads })).toBeUndefined();
});
