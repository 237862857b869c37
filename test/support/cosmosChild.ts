/** The Cosmos service alone in a process, to be killed. Prints its port when it listens. */
import { cosmos } from "../../local/src/services/cosmos/index.ts";
import { systemClock } from "../../local/src/shared/clock.ts";
import { cosmosContext } from "./cosmos.ts";

const [stateDir = "", port = "0"] = process.argv.slice(2);
const context = await cosmosContext(stateDir, systemClock, undefined, {
  database: "test",
  containers: [
    { name: "written", partitionKey: "/partition", defaultTtlSeconds: -1 },
  ],
});
await cosmos.start({ ...context, port: () => Number(port) });
process.stdout.write("listening\n");
