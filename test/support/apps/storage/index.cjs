"use strict";
const { Buffer } = require("node:buffer");
const { app } = require("@azure/functions");

/** Every invocation, as the function saw it. A value with "bad" in it fails. */
const calls = [];
const note = (value, context) => {
  const shown = Buffer.isBuffer(value) ? { text: value.toString() } : value;
  calls.push({
    function: context.functionName,
    value: shown,
    triggerMetadata: context.triggerMetadata,
  });
  if (JSON.stringify(shown).includes("bad")) throw new Error("bad");
};

app.storageQueue("queued", {
  connection: "Lake",
  queueName: "work",
  handler: note,
});
app.storageBlob("dropped", {
  connection: "Lake",
  path: "lake/landing/{folder}/{name}.csv",
  source: "EventGrid",
  handler: note,
});
app.http("calls", {
  authLevel: "anonymous",
  handler: () => ({ jsonBody: calls }),
});
