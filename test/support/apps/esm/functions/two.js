import { app } from "@azure/functions";

app.http("two", { authLevel: "anonymous", handler: () => ({ body: "two" }) });
