"use strict";
const { Buffer } = require("node:buffer");
const process = require("node:process");
const { app } = require("@azure/functions");
const { ResourceFactoryResolver } = require("@azure/functions-extensions-base");

/** Every invocation, as the function saw it. */
const calls = [];
const note = (value, context) =>
  calls.push({
    function: context.functionName,
    value: Array.isArray(value) ? value.map(shown) : shown(value),
    triggerMetadata: context.triggerMetadata,
    retryContext: context.retryContext ?? null,
  });
const shown = (value) =>
  Buffer.isBuffer(value) ? { bytes: value.toString("base64") } : value;

const eventHub = (name, options) =>
  app.eventHub(name, {
    connection: "EventHubs",
    eventHubName: "%HUB%",
    handler: note,
    ...options,
  });

if (process.env.CASE === "binary")
  eventHub("binary", {
    cardinality: "many",
    dataType: "binary",
    consumerGroup: "first",
  });
if (process.env.CASE === "messages") {
  // An app's own factory, as the SDKs' packages have one: it is given whole AMQP messages.
  ResourceFactoryResolver.getInstance().registerResourceFactory(
    "AzureEventHubsEventData",
    (messages) => messages.map(({ content }) => Buffer.from(content)),
  );
  eventHub("messages", { cardinality: "many", sdkBinding: true });
}
if (process.env.CASE === "text")
  eventHub("text", { cardinality: "many", consumerGroup: "first" });
if (process.env.CASE === "single") eventHub("single", {});
if (process.env.CASE === "failing")
  eventHub("failing", {
    cardinality: "many",
    handler(value, context) {
      note(value, context);
      throw new Error("no good");
    },
  });
if (process.env.CASE === "retried")
  eventHub("retried", {
    cardinality: "many",
    retry: { strategy: "fixedDelay", maxRetryCount: 2, delayInterval: 0 },
    handler(value, context) {
      note(value, context);
      throw new Error("no good");
    },
  });
if (process.env.CASE === "keeping") {
  app.setup({ capabilities: { IncludeEmptyEntriesInMessagePayload: true } });
  eventHub("keeping", { cardinality: "many" });
}
if (process.env.CASE === "twice")
  for (const name of ["one", "two"]) eventHub(name, {});

app.http("calls", {
  authLevel: "anonymous",
  handler: () => ({ jsonBody: calls }),
});
