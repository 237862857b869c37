/** The lake in a process of its own, to be killed: `lakeProcess.ts <state folder> <options as JSON>`. */
import { startLake, type LakeOptions } from "./lake.ts";

const [stateDir = "", options = "{}"] = process.argv.slice(2);
await startLake({ ...(JSON.parse(options) as LakeOptions), stateDir });
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
