/** A process of its own with the local workspace in it, for a test to kill: `node databricksVictim.ts <folders as JSON>`. */
import { databricksWith } from "../../local/src/services/databricks/index.ts";
import { type Folders, contextOf, testSettings } from "./databricks.ts";

const folders = JSON.parse(process.argv[2] ?? "{}") as Folders;
const context = await contextOf(folders);
await databricksWith(testSettings).start(context);
process.send?.({
  databricks: context.port("databricks"),
  spark: context.port("spark"),
});
