import {
  readReload,
  readRetry,
  readSkip,
  requestDocument,
} from "../../../local/src/cli/requests.ts";
import { UsageError } from "../../../local/src/cli/usageError.ts";
import { prices, weather } from "./definitions.ts";

const both = [prices, weather];

test("a retry is of the blocked batch, or of a sink that the pipeline has", () => {
  expect(readRetry(["weather"], both)).toEqual({
    pipeline: "weather",
    request: { kind: "retry" },
  });
  expect(readRetry(["weather", "--sink", "bell"], both).request).toEqual({
    kind: "retry",
    sink: "bell",
  });
});

test("a reload names a sink and, if it is not for all, one of its tables", () => {
  expect(readReload(["weather", "cosmos"], both).request).toEqual({
    kind: "reload",
    sink: "cosmos",
  });
  expect(readReload(["weather", "cosmos", "months"], both).request).toEqual({
    kind: "reload",
    sink: "cosmos",
    table: "months",
  });
});

test("a skip names the number of a batch", () => {
  expect(readSkip(["prices", "12"], both)).toEqual({
    pipeline: "prices",
    request: { kind: "skip", batch: 12 },
  });
});

test.each([
  [
    () => readRetry(["wether"], both),
    "There is no pipeline 'wether'. There are: prices, weather.",
  ],
  [() => readRetry([], both), "Name the pipeline. There are: prices, weather."],
  [
    () => readRetry(["prices", "--sink", "bell"], both),
    "There is no sink of prices 'bell'. There is: cosmos.",
  ],
  [
    () => readReload(["weather", "bell", "months"], both),
    "There is no table of the sink bell 'months'. There is: days.",
  ],
  [
    () => readReload(["weather"], both),
    "Name the sink of weather. There are: cosmos, bell.",
  ],
  [
    () => readSkip(["weather", "0"], both),
    "'0' is no number of a batch: the first one is 1.",
  ],
  [() => readSkip(["weather"], both), "Name the number of the batch."],
  [
    () => readSkip(["weather", "1", "2"], both),
    "There is no use for '2' here.",
  ],
  [
    () => readSkip(["weather", "1", "--sink", "cosmos"], both),
    "There is no use for --sink here.",
  ],
  [
    () => readRetry(["weather"], []),
    "No pipeline is packaged yet: npm start or npm run package does it.",
  ],
])("a mistake is told with what there is (%#)", (read, message) => {
  expect(read).toThrow(UsageError);
  expect(read).toThrow(message);
});

test("a request is one document below its pipeline, sorted by time", () => {
  const { path, text } = requestDocument(
    { pipeline: "weather", request: { kind: "skip", batch: 7 } },
    new Date("2026-03-01T12:00:00.123Z"),
  );
  const [, id = ""] =
    /^_assay\/pipelines\/weather\/requests\/(.+)\.json$/.exec(path) ?? [];
  expect(id).toMatch(/^20260301T120000123Z-[0-9a-f]{6}$/);
  expect(JSON.parse(text)).toEqual({
    version: 2,
    id,
    createdAt: "2026-03-01T12:00:00.123Z",
    kind: "skip",
    batch: 7,
  });
});
