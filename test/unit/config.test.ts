import { readFileSync } from "node:fs";
import { readConfig, settingNames } from "../../src/config.ts";

const sample = (
  JSON.parse(readFileSync("local.settings.sample.json", "utf8")) as {
    Values: Record<string, string>;
  }
).Values;

const settings: Record<string, string> = {
  ...sample,
  Lake__blobServiceUri: "https://lake.blob.core.windows.net",
  Lake__dfsServiceUri: "https://lake.dfs.core.windows.net",
  Lake__queueServiceUri: "https://lake.queue.core.windows.net",
  COSMOS_ENDPOINT: "https://cosmos.documents.azure.com/",
  DATABRICKS_HOST: "https://adb-1.2.azuredatabricks.net",
  DATABRICKS_PROCESS_BATCH_JOB_ID: "123",
};

test("the settings of the sample are those that the app reads", () => {
  const platform = /^(FUNCTIONS_WORKER_RUNTIME$|AzureWebJobsStorage__)/;
  const named = Object.keys(sample).filter((name) => !platform.test(name));
  expect(named.sort()).toEqual(
    settingNames.filter((name) => name !== "AZURE_CLIENT_ID").sort(),
  );
});

test("settings become a configuration with their types", () => {
  expect(readConfig(settings)).toMatchObject({
    lake: { container: "lake", settleSeconds: 120 },
    databricks: { processBatchJobId: 123 },
    identity: {},
  });
  expect(readConfig({ ...settings, AZURE_CLIENT_ID: "id" }).identity).toEqual({
    clientId: "id",
  });
});

test("all that is missing or wrong is named in one message, without its value", () => {
  const wrong = {
    ...settings,
    LAKE_CONTAINER: undefined,
    COSMOS_DATABASE: "",
    DATABRICKS_PROCESS_BATCH_JOB_ID: "twelve",
    LANDING_SETTLE_SECONDS: "-1",
  };
  expect(() => readConfig(wrong)).toThrow(
    "SETTINGS_WRONG: Missing or wrong: COSMOS_DATABASE, DATABRICKS_PROCESS_BATCH_JOB_ID, LAKE_CONTAINER, LANDING_SETTLE_SECONDS.",
  );
});
