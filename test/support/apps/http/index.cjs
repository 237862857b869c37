"use strict";
const { app } = require("@azure/functions");

const echo = (request) => ({
  jsonBody: {
    method: request.method,
    url: request.url,
    params: request.params,
    query: Object.fromEntries(request.query),
    headers: Object.fromEntries(request.headers),
  },
});
const http = (name, options) => app.http(name, { handler: echo, ...options });

http("anonymous", { route: "open/{id:int?}", authLevel: "anonymous" });
http("withKey", { route: "closed", authLevel: "function" });
http("withMasterKey", { route: "guarded", authLevel: "admin" });
http("rest", {
  route: "files/{folder}/{*path}",
  methods: ["GET", "PUT"],
  authLevel: "anonymous",
});
http("withHead", {
  route: "headed",
  methods: ["GET", "HEAD"],
  authLevel: "anonymous",
  handler: () => ({ headers: { etag: '"1"' }, body: "a body" }),
});
http("withoutHead", {
  route: "headless",
  methods: ["GET"],
  authLevel: "anonymous",
});
http("literal", {
  route: "files/special/one",
  authLevel: "anonymous",
  handler: () => ({ body: "literal" }),
});
http("setting", { route: "%PREFIX%/x", authLevel: "anonymous" });
http("defaultRoute", { authLevel: "anonymous" });
http("nothing", { authLevel: "anonymous", handler: () => undefined });
http("failing", {
  authLevel: "anonymous",
  handler: () => {
    throw new Error("a secret reason");
  },
});
http("badStatus", { authLevel: "anonymous", handler: () => ({ status: 99 }) });
http("text", { authLevel: "anonymous", handler: () => "no object" });
http("body", {
  methods: ["POST"],
  authLevel: "anonymous",
  handler: async (request) => ({
    body: new Uint8Array(await request.arrayBuffer()),
  }),
});
http("cookies", {
  authLevel: "anonymous",
  handler: () => ({
    status: 201,
    headers: { "x-own": "yes" },
    cookies: [
      { name: "a", value: "1 2", httpOnly: true, sameSite: "Lax" },
      { name: "b", value: "2", path: "/x", maxAge: 60, secure: true },
    ],
    body: "made",
  }),
});
http("emptyWith204", {
  authLevel: "anonymous",
  handler: () => ({ status: 204 }),
});
