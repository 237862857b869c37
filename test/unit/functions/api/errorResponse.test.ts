import { AssayError, errorTable } from "../../../../src/errors.ts";
import { apiOf } from "../../../support/app/api.ts";
import { aWorld } from "../../../support/app/world.ts";

test("an error of the caller's is a problem with its code, what to do and a correlation id", async () => {
  const api = apiOf(aWorld());
  const answer = await api.ask("getBatches", { pipeline: "trains" });
  expect(answer.status).toBe(404);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body).toEqual({
    type: "urn:assay:error:PIPELINE_UNKNOWN",
    title: "Pipeline unknown",
    status: 404,
    code: "PIPELINE_UNKNOWN",
    detail: "There is no pipeline trains.",
    whatToDo: errorTable.PIPELINE_UNKNOWN.whatToDo,
    correlationId: "an-invocation",
  });
  expect(answer.logged).toEqual([]);
});

test("a number of a batch that cannot be one is a batch that is not known", async () => {
  for (const batch of ["x", "0", "1.5", "-1", "1e400"])
    expect(
      await apiOf(aWorld()).ask("getBatch", { pipeline: "flights", batch }),
    ).toMatchObject({ status: 404, body: { code: "BATCH_UNKNOWN" } });
});

test("an unexpected error tells the caller nothing of its cause, and the log all", async () => {
  const world = aWorld();
  world.lake.find = () => Promise.reject(new Error("https://secret.address"));
  const answer = await apiOf(world).ask("getBatches", { pipeline: "flights" });
  expect(answer).toMatchObject({
    status: 500,
    body: { code: "INTERNAL", correlationId: "an-invocation" },
  });
  expect(answer.text).not.toContain("secret");
  expect(answer.logged.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      event: "request.failed",
      route: "getBatches",
      code: "INTERNAL",
      correlationId: "an-invocation",
      message: "Error: https://secret.address",
    },
  ]);
});

test("an error of the installation's keeps its code and not its message", async () => {
  const world = aWorld();
  world.lake.find = () =>
    Promise.reject(new AssayError("STATE_MISSING", "secret/path is gone."));
  const answer = await apiOf(world).ask("getBatches", { pipeline: "flights" });
  expect(answer).toMatchObject({
    status: 500,
    body: {
      code: "STATE_MISSING",
      whatToDo: errorTable.STATE_MISSING.whatToDo,
    },
  });
  expect(answer.text).not.toContain("secret");
});
