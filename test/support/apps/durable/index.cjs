"use strict";
const { app } = require("@azure/functions");
const df = require("durable-functions");

df.app.orchestration("greetAll", function* (context) {
  const names = context.df.getInput();
  const greetings = yield context.df.Task.all(
    names.map((name) => context.df.callActivity("greet", name)),
  );
  const reply = yield context.df.waitForExternalEvent("reply");
  return { greetings, reply };
});
df.app.activity("greet", {
  handler: (name, context) => {
    if (name === "nobody") throw new Error("nobody to greet");
    return `Hello ${name} from ${context.functionName}`;
  },
});
df.app.activity("startAnother", {
  extraInputs: [df.input.durableClient()],
  handler: async (input, context) => {
    const client = df.getClient(context);
    const id = await client.startNew(input.name, {
      instanceId: input.id,
      input: input.names,
    });
    return { id, asked: input.names };
  },
});
df.app.orchestration("startFromActivity", function* (context) {
  return yield context.df.callActivity("startAnother", context.df.getInput());
});
app.http("startInActivity", {
  authLevel: "anonymous",
  methods: ["POST"],
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const client = df.getClient(context);
    const id = await client.startNew("startFromActivity", {
      input: await request.json(),
    });
    return client.createCheckStatusResponse(request, id);
  },
});
app.http("start", {
  authLevel: "anonymous",
  methods: ["POST"],
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const client = df.getClient(context);
    const id = await client.startNew("greetAll", {
      input: await request.json(),
    });
    return client.createCheckStatusResponse(request, id);
  },
});
app.http("reply", {
  route: "reply/{id}",
  authLevel: "anonymous",
  methods: ["POST"],
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    await df.getClient(context).raiseEvent(request.params.id, "reply", "well");
    return { status: 202 };
  },
});
