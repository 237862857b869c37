import { registerGetHealth } from "../../../src/functions/getHealth.ts";
import { getHandlerOf } from "../../support/app/handlers.ts";
import { aWorld, pipelinesOf, type World } from "../../support/app/world.ts";

const ask = (world: World) =>
  getHandlerOf(() => {
    registerGetHealth(world);
  })();

test("health is an error only where no pipeline can work", async () => {
  const world = aWorld();
  expect(await ask(world)).toMatchObject({
    status: 200,
    jsonBody: { status: "ok" },
  });
  const setAside = new Map([["trains", "not JSON"]]);
  Object.assign(world, { pipelines: { ...world.pipelines, setAside } });
  expect(await ask(world)).toMatchObject({
    status: 200,
    jsonBody: { status: "degraded" },
  });
  Object.assign(world, { pipelines: { ...pipelinesOf(), setAside } });
  expect(await ask(world)).toMatchObject({
    status: 503,
    jsonBody: { status: "down" },
  });
});
