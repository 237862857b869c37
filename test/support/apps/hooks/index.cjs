"use strict";
const process = require("node:process");
const { setTimeout } = require("node:timers");
const { writeFileSync } = require("node:fs");
const { app } = require("@azure/functions");

/** What ran, in order. */
const trace = [];

app.hook.appStart((context) => {
  trace.push("appStart");
  context.hookData.started = true;
});
app.hook.appTerminate(() => {
  writeFileSync(process.env.FAREWELL, trace.join());
});
app.hook.preInvocation(async (context) => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  trace.push("pre1");
  context.hookData.seen = context.appHookData?.started ?? "no app data";
  if (context.invocationContext.functionName === "stopped")
    throw new Error("no entry");
});
app.hook.preInvocation((context) => {
  trace.push("pre2");
  if (context.invocationContext.functionName !== "replaced") return;
  context.inputs = ["another input"];
  const handler = context.functionHandler;
  context.functionHandler = (...inputs) => {
    trace.push("wrapped");
    return handler(...inputs);
  };
});
app.hook.postInvocation((context) => {
  trace.push(`post1:${context.error?.message ?? context.error}`);
  const { functionName } = context.invocationContext;
  if (functionName === "swallowed") {
    context.error = null;
    context.result = { body: "all is well" };
  }
});
app.hook.postInvocation((context) => {
  trace.push(`post2:${context.hookData.seen}`);
});
app.hook.log((context) => {
  context.message = context.message.replace("password", "********");
});

const http = (name, handler) =>
  app.http(name, { authLevel: "anonymous", handler });
http("plain", (request, context) => {
  context.log("the password is here");
  trace.push("handler");
  return { body: "plain" };
});
http("stopped", () => ({ body: "never" }));
http("replaced", (input) => ({ body: String(input) }));
http("swallowed", () => {
  throw new Error("oh no");
});
http("failing", () => {
  throw { reason: "an object" };
});
http("trace", () => ({ jsonBody: trace.splice(0) }));
