import {
  readReload,
  readRetry,
  readSkip,
  requestDocument,
} from "../../../local/src/cli/operatorRequests.ts";
import { readArguments, UsageError } from "../../../scripts/arguments.mjs";
import { verbNamed } from "../../../scripts/verbs.mjs";
import { prices, weather } from "./definitions.ts";

const both = [prices, weather];

/** As a person writes them. */
const retry = (...args: string[]) => readArguments(verbNamed("retry"), args);
const skip = (...args: string[]) => readArguments(verbNamed("skip"), args);
const reload = (...args: string[]) => readArguments(verbNamed("reload"), args);

/** The lake knows a sink that weather had once. */
const findSinks = (pipeline: string) =>
  Promise.resolve(pipeline === "weather" ? ["cosmos", "former"] : []);

test("a retry is of the blocked batch, or of a sink that the pipeline has or had", async () => {
  expect(await readRetry(retry("weather"), findSinks, both)).toEqual({
    pipeline: "weather",
    request: { kind: "retry" },
  });
  for (const sink of ["bell", "former"])
    expect(
      await readRetry(retry("weather", "--sink", sink), findSinks, both),
    ).toMatchObject({ request: { kind: "retry", sink } });
});

test("a reload names a sink and, if it is not for all, one of its tables", () => {
  expect(readReload(reload("weather", "cosmos"), both).request).toEqual({
    kind: "reload",
    sink: "cosmos",
  });
  expect(
    readReload(reload("weather", "cosmos", "months"), both).request,
  ).toEqual({
    kind: "reload",
    sink: "cosmos",
    table: "months",
  });
});

test("a skip names the number of a batch", () => {
  expect(readSkip(skip("prices", "12"), both)).toEqual({
    pipeline: "prices",
    request: { kind: "skip", batch: 12 },
  });
  expect(readSkip(skip("prices", "12", "--without-rows"), both)).toEqual({
    pipeline: "prices",
    request: { kind: "skip", batch: 12, withoutRows: true },
  });
});

test.each([
  [
    () => readRetry(retry("wether"), findSinks, both),
    "There is no pipeline 'wether'. There are: prices, weather.",
  ],
  [
    () => readRetry(retry("prices", "--sink", "bell"), findSinks, both),
    "There is no sink of prices 'bell'. There is: cosmos.",
  ],
  [
    () => readReload(reload("weather", "bell", "months"), both),
    "There is no table of the sink bell 'months'. There is: days.",
  ],
  [
    () => readReload(reload("weather", "former"), both),
    "There is no sink of weather 'former'. There are: cosmos, bell.",
  ],
  [
    () => readRetry(retry("weather"), findSinks, []),
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
    version: 3,
    id,
    createdAt: "2026-03-01T12:00:00.123Z",
    kind: "skip",
    batch: 7,
  });
});
