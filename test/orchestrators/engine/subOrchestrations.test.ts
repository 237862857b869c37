import {
  DurableBench,
  result,
  type DurableApp,
} from "../../support/durable.ts";

let bench: DurableBench;
const begin = (app: DurableApp): DurableBench =>
  (bench = new DurableBench(app));
afterEach(() => bench.close());

const child: DurableApp["orchestrators"] = {
  // eslint-disable-next-line require-yield -- the SDK takes generators only
  *child({ df }) {
    const input = df.getInput();
    if (input === "fail") throw new Error("no child");
    return { input, id: df.instanceId, parent: df.parentInstanceId };
  },
};

test("a sub-orchestration gets its input, an id made of the parent's execution, and its parent's id", async () => {
  begin({
    orchestrators: {
      ...child,
      *parent({ df }) {
        const first = yield* result(df.callSubOrchestrator("child", "text"));
        const second = yield* result(
          df.callSubOrchestrator("child", { a: 1 }, "kid"),
        );
        return [first, second];
      },
    },
  });
  const { output, executionId } = await bench.run("parent");
  expect(JSON.parse(String(output))).toEqual([
    { input: "text", id: `${executionId}:0`, parent: "one" },
    { input: { a: 1 }, id: "kid", parent: "one" },
  ]);
});

test("a failed sub-orchestration throws in its parent with the child's reason", async () => {
  begin({
    orchestrators: {
      ...child,
      *parent({ df }) {
        try {
          yield df.callSubOrchestrator("child", "fail");
        } catch (error) {
          return (error as Error).message;
        }
        return "none";
      },
    },
  });
  const { output } = await bench.run("parent");
  expect(output).toMatch(
    /^"Orchestrator function 'child' failed: no child \\n Message: no child, StackTrace: /,
  );
});

test("a terminated sub-orchestration fails its parent, whose SDK cannot read the reason", async () => {
  begin({
    orchestrators: {
      *sleeper({ df }) {
        yield df.waitForExternalEvent("never");
      },
      *parent({ df }) {
        yield df.callSubOrchestrator("sleeper", null, "kid");
      },
    },
  });
  bench.start("parent");
  await bench.turns(2);
  bench.client.terminate("kid", "enough");
  const { status, output } = await bench.ended();
  expect(status).toBe("Failed");
  expect(output).toMatch(
    /^Orchestrator function 'parent' failed: Task with ID 0 failed but we could not parse its exception data/,
  );
});

test("a child that continues as new reports to its parent at its last end", async () => {
  begin({
    orchestrators: {
      // eslint-disable-next-line require-yield -- the SDK takes generators only
      *child({ df }) {
        const { left } = df.getInput<{ left: number }>();
        if (left === 0) return "last";
        df.continueAsNew({ left: left - 1 });
        return undefined;
      },
      *parent({ df }) {
        return yield* result(df.callSubOrchestrator("child", { left: 3 }));
      },
    },
  });
  expect((await bench.run("parent")).output).toBe('"last"');
});

test("an instance may not be its own sub-orchestration, nor its parent's", async () => {
  begin({
    orchestrators: {
      *child({ df }) {
        yield df.callSubOrchestrator(
          "child",
          null,
          df.parentInstanceId ?? df.instanceId,
        );
      },
      *parent({ df }) {
        yield df.callSubOrchestrator("child", null, "kid");
      },
    },
  });
  const text =
    "The instance ID of a sub-orchestration must be different than the instance ID of a parent orchestration.";
  expect(await bench.run("child")).toMatchObject({
    status: "Failed",
    output: text,
  });
  await bench.run("parent", null, "two");
  expect(bench.client.find("kid")).toMatchObject({
    status: "Failed",
    output: text,
  });
});

test("a sub-orchestration under the id of a running instance fails in its parent", async () => {
  begin({
    orchestrators: {
      *sleeper({ df }) {
        yield df.waitForExternalEvent("never");
      },
      *parent({ df }) {
        try {
          yield df.callSubOrchestrator("sleeper", null, "busy");
        } catch (error) {
          return (error as Error).message;
        }
        return "none";
      },
    },
  });
  bench.start("sleeper", null, "busy");
  await bench.turns(1);
  expect((await bench.run("parent")).output).toMatch(
    /^"An Orchestration instance with the status Running already exists/,
  );
});

test("what a child reports to an earlier execution of its parent is dropped", async () => {
  begin({
    orchestrators: {
      *child({ df }) {
        return yield* result(df.waitForExternalEvent("go"));
      },
      *parent({ df }) {
        return yield* result(df.callSubOrchestrator("child", null, "kid"));
      },
    },
  });
  bench.start("parent");
  await bench.turns(2);
  bench.client.terminate("one", "");
  await bench.ended();
  bench.start("parent");
  await bench.turns(4);
  expect((await bench.ended()).output).toMatch(/already exists/);
  bench.raise("go", 1, "kid");
  expect((await bench.ended("kid")).status).toBe("Completed");
});
