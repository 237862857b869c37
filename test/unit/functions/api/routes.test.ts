import { routes } from "../../../../src/functions/api/routes.ts";
import { apiOf } from "../../../support/app/api.ts";
import { aWorld } from "../../../support/app/world.ts";

test("each route is a function that answers GET and HEAD, and asks for a key unless anyone may ask", () => {
  const { functions } = apiOf(aWorld());
  expect([...functions.keys()]).toEqual(routes.map(({ name }) => name));
  for (const { name, path, role } of routes)
    expect(functions.get(name)).toMatchObject({
      route: path,
      methods: ["GET", "HEAD"],
      authLevel: role === "anyone" ? "anonymous" : "function",
    });
  const open = routes.filter(({ role }) => role === "anyone");
  expect(open.map(({ name }) => name)).toEqual(["getHealth", "getOpenapi"]);
});
