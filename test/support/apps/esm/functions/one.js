import { app } from "@azure/functions";

await Promise.resolve();
app.http("one", { authLevel: "anonymous", handler: () => ({ body: "one" }) });
