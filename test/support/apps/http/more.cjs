"use strict";
const process = require("node:process");
const { app } = require("@azure/functions");

app.http("second", {
  authLevel: "anonymous",
  handler: (request, context) => {
    context.warn("noted", { answer: 42 });
    return {
      jsonBody: {
        triggerMetadata: context.triggerMetadata ?? null,
        functionName: context.functionName,
        hostname: process.env.WEBSITE_HOSTNAME,
        folder: process.cwd(),
      },
    };
  },
});
