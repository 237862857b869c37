import { ofNumbers, ofStrings, total, type SqlFunction } from "./definition.ts";
import type { Value } from "../values.ts";

/** Ticks are tenths of a microsecond. */
const TICKS_PER_MS = 10_000;

const MS = {
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};

const PARTS: Readonly<Record<string, string>> = {
  year: "year",
  yyyy: "year",
  yy: "year",
  month: "month",
  mm: "month",
  m: "month",
  day: "day",
  dd: "day",
  d: "day",
  hour: "hour",
  hh: "hour",
  minute: "minute",
  mi: "minute",
  n: "minute",
  second: "second",
  ss: "second",
  s: "second",
  millisecond: "millisecond",
  ms: "millisecond",
};

const partOf = (name: Value): string | undefined =>
  typeof name === "string" ? PARTS[name.toLowerCase()] : undefined;

const DATE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?Z?)?$/;

/** Date-times without a zone are UTC in Cosmos. */
function millisecondsOf(text: Value): number | undefined {
  if (typeof text !== "string" || !DATE.test(text)) return undefined;
  const isDateOnly = !text.includes("T");
  const ms = Date.parse(isDateOnly || text.endsWith("Z") ? text : `${text}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Seven digits of a second, as Cosmos writes it. */
function textOf(ms: number): Value {
  const date = new Date(ms);
  return Number.isNaN(date.getTime())
    ? undefined
    : date.toISOString().replace("Z", "0000Z");
}

const fields = (date: Date): Readonly<Record<string, number>> => ({
  year: date.getUTCFullYear(),
  month: date.getUTCMonth() + 1,
  day: date.getUTCDate(),
  hour: date.getUTCHours(),
  minute: date.getUTCMinutes(),
  second: date.getUTCSeconds(),
  millisecond: date.getUTCMilliseconds(),
});

function added(part: string, count: number, ms: number): Value {
  const date = new Date(ms);
  if (part === "year") date.setUTCFullYear(date.getUTCFullYear() + count);
  else if (part === "month") date.setUTCMonth(date.getUTCMonth() + count);
  else date.setTime(ms + count * MS[part as keyof typeof MS]);
  return textOf(date.getTime());
}

/** Boundaries of the part that lie between the two. */
function difference(part: string, from: number, to: number): number {
  const [a, b] = [new Date(from), new Date(to)];
  const years = b.getUTCFullYear() - a.getUTCFullYear();
  if (part === "year") return years;
  if (part === "month") return years * 12 + b.getUTCMonth() - a.getUTCMonth();
  const size = MS[part as keyof typeof MS];
  return Math.floor(to / size) - Math.floor(from / size);
}

export const dates: Readonly<Record<string, SqlFunction>> = {
  DATETIMEADD: total(3, 3, ([name, count, text]) => {
    const [part, ms] = [partOf(name), millisecondsOf(text)];
    return part === undefined || ms === undefined || typeof count !== "number"
      ? undefined
      : added(part, count, ms);
  }),
  DATETIMEDIFF: total(3, 3, ([name, from, to]) => {
    const part = partOf(name);
    const [start, end] = [millisecondsOf(from), millisecondsOf(to)];
    return part === undefined || start === undefined || end === undefined
      ? undefined
      : difference(part, start, end);
  }),
  DATETIMEFROMPARTS: ofNumbersToText((year, month, day, ...time) =>
    Date.UTC(year, month - 1, day, ...time.slice(0, 3)),
  ),
  DATETIMEPART: total(2, 2, ([name, text]) => {
    const [part, ms] = [partOf(name), millisecondsOf(text)];
    return part === undefined || ms === undefined
      ? undefined
      : fields(new Date(ms))[part];
  }),
  DATETIMETOTICKS: ofStrings(1, 1, (text) => {
    const ms = millisecondsOf(text);
    return ms === undefined ? undefined : ms * TICKS_PER_MS;
  }),
  DATETIMETOTIMESTAMP: ofStrings(1, 1, millisecondsOf),
  GETCURRENTDATETIME: total(0, 0, (_, now) => textOf(now)),
  GETCURRENTTICKS: total(0, 0, (_, now) => now * TICKS_PER_MS),
  GETCURRENTTIMESTAMP: total(0, 0, (_, now) => now),
  TICKSTODATETIME: total(1, 1, ([ticks]) =>
    typeof ticks === "number" ? textOf(ticks / TICKS_PER_MS) : undefined,
  ),
  TIMESTAMPTODATETIME: total(1, 1, ([ms]) =>
    typeof ms === "number" ? textOf(ms) : undefined,
  ),
};

function ofNumbersToText(
  run: (year: number, month: number, day: number, ...time: number[]) => number,
): SqlFunction {
  const ms = ofNumbers(3, 6, (year = NaN, month = NaN, day = NaN, ...time) =>
    run(year, month, day, ...time),
  );
  return total(3, 6, (args, now) => {
    const value = ms.run(args, now);
    return typeof value === "number" ? textOf(value) : undefined;
  });
}
