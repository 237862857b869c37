import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  clockOfFile,
  dateOf,
  MovableClock,
} from "../../../local/src/shared/movableClock.ts";
import { writeWhole } from "../../../local/src/shared/files.ts";
import { until } from "../../support/until.ts";

const HOUR_MS = 3_600_000;
const hours = (count: number): number => count * HOUR_MS;

describe("a clock that is moved on", () => {
  test("calls what falls due in order of its due time, and nothing else", async () => {
    const clock = new MovableClock();
    const called: string[] = [];
    clock.after(hours(3), () => called.push("after three hours"));
    clock.after(hours(2), () => called.push("after two"));
    clock.after(hours(1), () => called.push("cancelled"))();
    clock.after(hours(9), () => called.push("after nine"))();
    clock.moveTo(hours(4));
    await until(() => called.length >= 2, "both calls");
    expect(called).toEqual(["after two", "after three hours"]);
  });

  test("does not go back", () => {
    const clock = new MovableClock();
    clock.moveTo(hours(2));
    const before = clock.now();
    clock.moveTo(hours(1));
    expect(clock.now()).toBeGreaterThanOrEqual(before);
  });

  test("moves when its file is replaced", async () => {
    const folder = mkdtempSync(join(tmpdir(), "assay-clock-"));
    const file = join(folder, "offset");
    writeWhole(file, "0");
    const clock = clockOfFile(file);
    const startedAt = clock.now();
    let called = 0;
    clock.after(hours(23), () => (called += 1));
    writeWhole(file, String(hours(24)));
    await until(() => called === 1, "the call after 23 hours");
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(hours(24));
    rmSync(folder, { recursive: true });
  });
});

describe("a Date of a clock", () => {
  const noon = Date.parse("2027-03-01T12:00:00Z");
  const MovedDate = dateOf({ now: () => noon, after: () => () => undefined });

  test("says the clock's time where it is not given one", () => {
    expect(MovedDate.now()).toBe(noon);
    expect(new MovedDate().toISOString()).toBe("2027-03-01T12:00:00.000Z");
    expect(MovedDate()).toContain("2027");
  });

  test("is a date in all other ways", () => {
    const given = new MovedDate("2026-01-02T03:04:05Z");
    expect(given).toBeInstanceOf(Date);
    expect(given).toBeInstanceOf(MovedDate);
    expect(given.getTime()).toBe(Date.parse("2026-01-02T03:04:05Z"));
    expect(MovedDate.UTC(2026, 0)).toBe(Date.UTC(2026, 0));
  });
});
