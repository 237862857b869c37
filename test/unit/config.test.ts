import { readFileSync } from "node:fs";
import { createContext } from "../../src/context.ts";
import {
  readConfig,
  settingNames,
  userAssignedNames,
} from "../../src/config.ts";
import { aDefinition, pipelinesOf } from "../support/app/world.ts";

const sample = JSON.parse(
  readFileSync("local.settings.sample.json", "utf8"),
) as {
  Values: Record<string, string>;
  LeaveOutForASystemAssignedIdentity: string[];
};

/** The sample, with its placeholders filled in. */
const userAssigned = Object.fromEntries(
  Object.entries(sample.Values).map(([name, value]) => [
    name,
    value.replaceAll(/<[^>]+>/g, "x1"),
  ]),
);
const settings = without(
  userAssigned,
  ...sample.LeaveOutForASystemAssignedIdentity,
);

function without(
  all: Readonly<Record<string, string>>,
  ...names: readonly string[]
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => !names.includes(name)),
  );
}

test("the settings of the sample are those that the app reads", () => {
  const ofTheHost = [
    "FUNCTIONS_WORKER_RUNTIME",
    "AzureWebJobsStorage__accountName",
  ];
  const named = Object.keys(sample.Values).filter(
    (name) => !ofTheHost.includes(name),
  );
  expect(named.sort()).toEqual([...settingNames].sort());
});

test("the sample has the whole form of a user-assigned identity for each connection, and says what the other form leaves out", () => {
  const connections = new Set(
    Object.keys(sample.Values).flatMap((name) =>
      name.includes("__") ? [name.split("__")[0] ?? ""] : [],
    ),
  );
  expect([...connections].sort()).toEqual([
    "AzureWebJobsStorage",
    "EventHubs",
    "Lake",
  ]);
  for (const connection of connections)
    expect(sample.Values).toMatchObject({
      [`${connection}__credential`]: "managedidentity",
      [`${connection}__clientId`]: sample.Values["AZURE_CLIENT_ID"],
    });
  expect(sample.LeaveOutForASystemAssignedIdentity).toEqual(userAssignedNames);
});

test("settings become a configuration with their types", () => {
  const config = readConfig(settings);
  expect(config).toMatchObject({
    lake: { container: "lake", settleSeconds: 120 },
    databricks: { jobName: "process_batch" },
    identity: {},
    mistakes: [],
  });
  expect(readConfig(userAssigned)).toMatchObject({
    identity: { clientId: "x1" },
    mistakes: [],
  });
});

test("the job has the name that the bundle gives it unless told another", () => {
  const { databricks } = readConfig(without(settings, "DATABRICKS_JOB_NAME"));
  expect(databricks.jobName).toBe("process_batch");
});

test("a setting that is missing or wrong blocks only what needs it, and is named without its value", () => {
  const config = readConfig({
    ...without(settings, "DATABRICKS_HOST", "LAKE_CONTAINER"),
    COSMOS_DATABASE: "",
    COSMOS_ENDPOINT: "not an address",
  });
  expect(config.eventHubs.namespace).toBe("x1.servicebus.windows.net");
  expect(() => config.lake).toThrow(
    "SETTINGS_WRONG: Missing or wrong: LAKE_CONTAINER. Until then nothing is taken in and no batch is run.",
  );
  expect(() => config.databricks).toThrow("Missing or wrong: DATABRICKS_HOST.");
  expect(() => config.cosmos).toThrow(
    "Missing or wrong: COSMOS_DATABASE, COSMOS_ENDPOINT.",
  );
  expect(config.mistakes).toHaveLength(3);
  expect(config.mistakes.join()).not.toContain("not an address");
});

test("without any setting the app is made, and says what it lacks", () => {
  const context = createContext(readConfig({}), pipelinesOf(aDefinition()));
  expect(context.config.mistakes).toHaveLength(5);
});

test("a connection that names a managed identity and none in particular has the system-assigned one", () => {
  for (const connections of [
    ["Lake"],
    ["AzureWebJobsStorage", "EventHubs", "Lake"],
  ]) {
    const named: Record<string, string> = {};
    for (const each of connections)
      named[`${each}__credential`] = "managedidentity";
    expect(readConfig({ ...settings, ...named })).toMatchObject({
      identity: {},
      mistakes: [],
    });
  }
});

test.each([
  ["Lake__credential", "workloadidentity"],
  ["EventHubs__clientId", "x1"],
  ["AzureWebJobsStorage__credential", ""],
])(
  "%s of another identity without AZURE_CLIENT_ID is refused with both forms",
  (name, value) => {
    const config = readConfig({ ...settings, [name]: value });
    expect(() => config.identity).toThrow(
      `SETTINGS_WRONG: ${name}: wrong without AZURE_CLIENT_ID. Write AZURE_CLIENT_ID and, for each of AzureWebJobsStorage, EventHubs, Lake, __credential=managedidentity and __clientId with the same id; or, for the system-assigned identity, no __clientId, and __credential=managedidentity or none.`,
    );
    expect(config.mistakes).toHaveLength(1);
  },
);

test("each setting that is of another identity is named", () => {
  expect(() => {
    const half = { Lake__credential: "managedidentity", Lake__clientId: "x1" };
    return readConfig({ ...settings, ...half }).identity;
  }).toThrow("SETTINGS_WRONG: Lake__clientId: wrong without");
});

test.each(userAssignedNames.slice(1))(
  "AZURE_CLIENT_ID without %s, or with another one, is half a form",
  (name) => {
    for (const half of [
      without(userAssigned, name),
      { ...userAssigned, [name]: "x2" },
    ])
      expect(() => readConfig(half).identity).toThrow(
        `${name}: missing or wrong beside AZURE_CLIENT_ID. Write managedidentity into each __credential and the id of AZURE_CLIENT_ID into each __clientId;`,
      );
  },
);
