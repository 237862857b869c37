/**
 * The process that runs the local services: `node local/src/servicesMain.ts <state folder> [service …]`.
 * It says `ready` on its channel once all of them listen, and ends when its parent does.
 */
import { endWithParent } from "./platform/orphans.ts";
import { serviceContext } from "./platform/context.ts";
import { keptPorts } from "./platform/ports.ts";
import { readFolders } from "./platform/folders.ts";
import type { RunningService, ServiceContext } from "./service.ts";
import { services } from "./services/index.ts";

const [stateDir = "", ...names] = process.argv.slice(2);
const wanted =
  names.length === 0
    ? services
    : services.filter((service) => names.includes(service.name));
const quiet = await serviceContext(
  readFolders(stateDir),
  keptPorts(stateDir),
  "services",
);
/** Spark comes up long after the services do, or never: whoever started us is told. */
const context: ServiceContext = {
  ...quiet,
  log(event, fields) {
    quiet.log(event, fields);
    if (event.startsWith("spark."))
      process.send?.({ type: "news", event, message: fields?.["message"] });
  },
};
const running: RunningService[] = [];

let stopping: Promise<void> | undefined;
const stop = (): void => {
  stopping ??= Promise.all(running.map((service) => service.stop())).then(() =>
    process.exit(0),
  );
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, stop);
endWithParent(stop);

try {
  for (const service of wanted) running.push(await service.start(context));
  process.send?.({ type: "ready" });
} catch (error) {
  process.send?.({
    type: "failed",
    message: error instanceof Error ? error.message : String(error),
  });
  await Promise.all(running.map((service) => service.stop()));
  process.exit(1);
}
