/** A process to be killed: runs one orchestration of many activities, each of which leaves a line in a file. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "../../local/src/functionsHost/durable/client.ts";
import { Engine } from "../../local/src/functionsHost/durable/engine.ts";
import { hasEnded } from "../../local/src/functionsHost/durable/instance.ts";
import { systemClock } from "../../local/src/shared/clock.ts";
import { silent } from "../../local/src/shared/log.ts";
import { invokerOf, result } from "./durable.ts";

const [, , stateDir = "", count = "0"] = process.argv;

const app = {
  activities: {
    note: (index: unknown) => {
      appendFileSync(join(stateDir, "runs"), `${String(index)}\n`);
      return index;
    },
  },
  orchestrators: {
    *count({
      df,
    }: Parameters<
      Parameters<typeof invokerOf>[0]["orchestrators"][string]
    >[0]) {
      let sum = 0;
      for (let index = 0; index < Number(count); index += 1)
        sum += yield* result<number>(df.callActivity("note", index));
      return sum;
    },
  },
};
const engine = new Engine({
  stateDir,
  clock: systemClock,
  invoker: invokerOf(app, { payloads: [], answers: [], runs: [] }),
  baseUrl: "http://127.0.0.1",
  systemKey: "key",
  taskHub: "hub",
  log: silent,
});
engine.start();
const client = new Client(engine);
if (client.list({}).page.length === 0) client.start("count", "one", "null");
while (!hasEnded(client.find("one").status))
  await new Promise((resolve) => setTimeout(resolve, 2));
process.stdout.write(
  `${client.find("one").status} ${client.find("one").output ?? ""}`,
);
await engine.stop();
