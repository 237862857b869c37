import type { PackagedDefinition } from "../../../local/src/platform/definitions.ts";

/** Two pipelines: one with two sinks, one that reads files only. */
export const weather: PackagedDefinition = {
  pipeline: "weather",
  digest: "d1",
  sources: {
    readings: {
      kind: "hub",
      input: "stream",
      stream: "hub/readings",
      hub: "readings",
    },
    stations: { kind: "landing", input: "files", folder: "stations" },
  },
  gold: { days: { key: ["station", "day"] }, months: { key: ["month"] } },
  sinks: {
    cosmos: { kind: "cosmos", tables: ["days", "months"] },
    bell: { kind: "notify", tables: ["days"], after: "cosmos" },
  },
};

export const prices: PackagedDefinition = {
  pipeline: "prices",
  digest: "d2",
  sources: { lists: { kind: "landing", input: "files", folder: "lists" } },
  gold: { prices: { key: ["item"] } },
  sinks: { cosmos: { kind: "cosmos", tables: ["prices"] } },
};
