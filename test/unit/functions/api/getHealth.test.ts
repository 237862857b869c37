import { apiOf } from "../../../support/app/api.ts";
import { aWorld, pipelinesOf } from "../../../support/app/world.ts";

test("health is an error only where no pipeline can work", async () => {
  const disabled = new Map([["trains", "not JSON"]]);
  const worlds = [
    aWorld(),
    aWorld({ pipelines: { ...aWorld().pipelines, disabled } }),
    aWorld({ pipelines: { ...pipelinesOf(), disabled } }),
  ];
  const answers = await Promise.all(
    worlds.map((world) => apiOf(world).ask("getHealth")),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 503]);
  expect(answers.map(({ body }) => body)).toMatchObject([
    { status: "ok" },
    { status: "degraded" },
    { status: "down" },
  ]);
});
