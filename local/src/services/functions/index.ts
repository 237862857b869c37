import { join } from "node:path";
import type { RunningService, Service } from "../../service.ts";
import { startFunctionsHost } from "./start.ts";

export { startFunctionsHost } from "./start.ts";

/** The function host with the app of this checkout, its settings in the environment. */
export const functions: Service = {
  name: "functions",
  endpoints: ["functions"],
  start: (context): Promise<RunningService> =>
    startFunctionsHost({
      context,
      appDir: join(context.projectDir, "out", "app"),
      settings: {},
    }),
};
