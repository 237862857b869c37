import { registerGetInsight } from "../../../src/functions/getInsight.ts";
import { getHandlerOf } from "../../support/app/handlers.ts";
import { aWorld } from "../../support/app/world.ts";

const PAGE = { pipeline: "flights", table: "airport_delays", key: "ORD" };
const ask = (query: Record<string, string>) => {
  const world = aWorld();
  return getHandlerOf(() => {
    registerGetInsight(world);
  })(PAGE, query);
};

test("a continuation that no answer gave is refused", async () => {
  for (const continuation of ["{}", "a", "MjAwMQ==", "_w", "M jAw"])
    expect(await ask({ continuation })).toMatchObject({
      status: 400,
      jsonBody: { error: { code: "QUERY_WRONG" } },
    });
});

test("a continuation that an answer gave, and none, are pages", async () => {
  const continuation = Buffer.from("2001-03-31").toString("base64url");
  for (const query of [{ continuation }, { continuation: "" }, {}])
    expect(await ask(query)).toMatchObject({ status: 200 });
});

test("a limit is a whole number up to a thousand", async () => {
  for (const limit of ["0", "1001", "x", "1.5"])
    expect(await ask({ limit })).toMatchObject({ status: 400 });
  expect(await ask({ limit: "1000" })).toMatchObject({ status: 200 });
});
