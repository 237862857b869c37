import {
  readReload,
  readRetry,
  readSkip,
  requestDocument,
} from "../../../local/src/cli/operatorRequests.ts";
import { UsageError } from "../../../local/src/cli/usageError.ts";
import { prices, weather } from "./definitions.ts";

const both = [prices, weather];

/** The lake knows a sink that weather had once. */
const findSinks = (pipeline: string) =>
  Promise.resolve(pipeline === "weather" ? ["cosmos", "former"] : []);

test("a retry is of the blocked batch, or of a sink that the pipeline has or had", async () => {
  expect(await readRetry(["weather"], findSinks, both)).toEqual({
    pipeline: "weather",
    request: { kind: "retry" },
  });
  for (const sink of ["bell", "former"])
    expect(
      await readRetry(["weather", "--sink", sink], findSinks, both),
    ).toMatchObject({ request: { kind: "retry", sink } });
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
    () => readRetry(["wether"], findSinks, both),
    "There is no pipeline 'wether'. There are: prices, weather.",
  ],
  [
    () => readRetry([], findSinks, both),
    "Name the pipeline. There are: prices, weather.",
  ],
  [
    () => readRetry(["prices", "--sink", "bell"], findSinks, both),
    "There is no sink of prices 'bell'. There is: cosmos.",
  ],
  [
    () => readReload(["weather", "bell", "months"], both),
    "There is no table of the sink bell 'months'. There is: days.",
  ],
  [
    () => readReload(["weather", "former"], both),
    "There is no sink of weather 'former'. There are: cosmos, bell.",
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
    () => readRetry(["weather"], findSinks, []),
    "No pipeline is packaged yet: npm start or npm run package does it.",
  ],
])("a mistake is told with what there is (%#)", async (read, message) => {
  const told = async () => read();
  await expect(told()).rejects.toThrow(UsageError);
  await expect(told()).rejects.toThrow(message);
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
