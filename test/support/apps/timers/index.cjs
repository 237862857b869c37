"use strict";
const process = require("node:process");
const { setTimeout } = require("node:timers");
const { app } = require("@azure/functions");

/** Every run: what the function got, and how many ran at the time. */
const runs = [];
let running = 0;
const note = async (timer, context) => {
  running += 1;
  runs.push({
    function: context.functionName,
    timer,
    running,
    triggerMetadata: context.triggerMetadata ?? null,
    retryContext: context.retryContext ?? null,
  });
  // Longer than its schedule's second: that no run begins meanwhile is what is tested.
  if (context.functionName === "slow")
    await new Promise((resolve) => setTimeout(resolve, 1500));
  running -= 1;
  if (context.functionName === "failing") throw new Error("not yet");
};
const cases = {
  startup: { schedule: "0 0 0 1 1 *", runOnStartup: true },
  hourly: { schedule: "0 0 * * * *" },
  slow: { schedule: "%EVERY_SECOND%" },
  failing: {
    schedule: "0 0 0 1 1 *",
    runOnStartup: true,
    retry: { strategy: "fixedDelay", maxRetryCount: 2, delayInterval: 0 },
  },
};
const name = process.env.CASE;
app.timer(name, { ...cases[name], handler: note });
app.http("runs", {
  authLevel: "anonymous",
  handler: () => ({ jsonBody: runs }),
});
