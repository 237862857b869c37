import { z } from "zod";

const texts = z.array(z.string());

/** An Event Grid subscription on the lake's account. */
const subscription = z.strictObject({
  name: z.string().max(64),
  eventTypes: texts,
  subjectBeginsWith: z.string(),
  subjectNotBeginsWith: texts,
  apis: texts.describe("Values of data.api that are let through."),
  destination: z.union([
    z.strictObject({ queue: z.string() }),
    z.strictObject({ blobTrigger: z.string() }).describe("A function."),
  ]),
});

/** `infra/generated/pipelines.json`: what must be there before the app starts, on Azure and on a laptop. */
export const provision = z.strictObject({
  version: z.literal(1),
  hubs: z.array(
    z.strictObject({
      name: z.string(),
      partitions: z.int().min(1),
      consumerGroups: texts,
    }),
  ),
  lake: z.strictObject({
    container: z.string(),
    folders: texts,
    queues: texts,
    subscriptions: z.array(subscription),
  }),
  cosmos: z.strictObject({
    database: z.string(),
    containers: z.array(
      z.strictObject({
        name: z.string(),
        partitionKey: z.string(),
        defaultTtlSeconds: z.int(),
      }),
    ),
  }),
  databricks: z.strictObject({
    schemas: texts.describe("Of the catalog: a batch's job makes tables in them."),
  }),
  settings: texts.describe("Of the app, that its sinks read at first use."),
  schedules: z.array(z.strictObject({ name: z.string(), cron: z.string() })),
});

export type Provision = z.infer<typeof provision>;
