import { backoffSeconds } from "../../../src/domain/jobRuns.ts";

test("the wait before the next attempt triples, up to five minutes", () => {
  const waits = [1, 2, 3, 4, 5, 9].map((failed) => backoffSeconds(failed, 0));
  expect(waits).toEqual([5, 15, 45, 135, 300, 300]);
});

test("after three failures by the job's own code, or ten of any kind, there is no next attempt", () => {
  expect(backoffSeconds(3, 2)).toBe(45);
  expect(backoffSeconds(3, 3)).toBeUndefined();
  expect(backoffSeconds(9, 0)).toBe(300);
  expect(backoffSeconds(10, 0)).toBeUndefined();
});
