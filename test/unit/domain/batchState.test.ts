import { batchStateOf } from "../../../src/domain/batchState.ts";

const none = {
  attempts: false,
  process: false,
  skipped: false,
  blocked: false,
};

test("the documents of a batch are its state, and the job's end stands before all others", () => {
  expect(batchStateOf(none)).toBe("planned");
  expect(batchStateOf({ ...none, attempts: true })).toBe("running");
  const blocked = { ...none, attempts: true, blocked: true };
  expect(batchStateOf(blocked)).toBe("blocked");
  const skipped = { ...blocked, skipped: true };
  expect(batchStateOf(skipped)).toBe("skipped");
  expect(batchStateOf({ ...skipped, process: true })).toBe("processed");
});
