import { join, resolve } from "node:path";
import type { RunningService, ServiceContext } from "../service.ts";
import { functionKey, masterKey, systemKey } from "../shared/keys.ts";
import { listen } from "../shared/listen.ts";
import { logTo } from "../shared/log.ts";
import { startBlobs } from "./triggers/blob/index.ts";
import { durableEngine, usesDurable } from "./durable/loadEngine.ts";
import type { DurableEngine } from "./durable/contract.ts";
import { startEventHubs } from "./triggers/eventHubs/index.ts";
import { prepareProcess } from "./app/prepareProcess.ts";
import { AppFault } from "./app/appFault.ts";
import { readFunctions } from "./app/appFunctions.ts";
import type { Host, Listener, StartTrigger } from "./triggers/hostContext.ts";
import { HostJson } from "./app/hostJson.ts";
import { httpTriggers } from "./triggers/http/index.ts";
import { managedIdentity } from "./connections/managedIdentity.ts";
import { appLog } from "./app/appLog.ts";
import { byKind, type TriggerKind } from "./app/bindingTypes.ts";
import { startQueues } from "./triggers/queue/index.ts";
import { createHostServer, drain, type Handler } from "./httpServer.ts";
import { openStore } from "./hostDatabase.ts";
import { startTimers } from "./triggers/timer/index.ts";
import { Worker } from "./worker/index.ts";

/** Everything that listens for events of its own, by kind. HTTP, blobs and the durable engine wait for requests. */
const listeners: Partial<Record<TriggerKind, StartTrigger>> = {
  timer: startTimers,
  eventHubs: startEventHubs,
  queue: startQueues,
};

interface FunctionsHostOptions {
  readonly context: ServiceContext;
  /** The packaged app: what would be deployed to Azure. */
  readonly appDir: string;
  /** The app's settings: they go into this process's environment before the app loads. */
  readonly settings: Readonly<Record<string, string>>;
  /** 64-bit integers as `{low, high, unsigned}`: what an app sees on a worker that finds npm's `long`. */
  readonly longs?: boolean;
}

/** Loads the app and serves its functions. Once in a process: the app belongs to the process. */
export async function startFunctionsHost({
  context,
  appDir: givenDir,
  settings,
  longs = false,
}: FunctionsHostOptions): Promise<RunningService> {
  const appDir = resolve(givenDir);
  const port = context.port("functions");
  const { stateDir, clock, faults } = context;
  prepareProcess(appDir, settings, port, context.tls.cert);
  const hostJson = HostJson.read(appDir);
  const log = logTo(join(stateDir, "logs", "functions.log"), "functions");
  const worker = await Worker.start(appDir, appLog(log));
  if (worker.capabilities["HttpUri"] !== undefined)
    throw new AppFault(
      "The app sets enableHttpStream, which the local host does not serve: leave it out of app.setup.",
    );
  const functions = readFunctions(worker.functions);
  const kinds = byKind(functions);
  const of = (kind: TriggerKind) => kinds.get(kind) ?? [];
  const store = openStore(stateDir);
  let engine: DurableEngine | undefined;
  const host: Host = {
    worker,
    hostJson,
    identity: managedIdentity(clock),
    store,
    clock,
    faults,
    log,
    ca: context.tls.cert,
    systemKey: systemKey(stateDir),
    longs,
    inputsOf: ({ trigger, inputs }, data) => [
      { name: trigger.name, data },
      ...inputs.map(({ name }) => ({
        name,
        data: { string: JSON.stringify(engine?.clientBinding()) },
      })),
    ],
  };
  const baseUrl = `http://127.0.0.1:${port}`;
  if (usesDurable(functions, of("durable")))
    engine = await durableEngine(host, context, baseUrl, of("durable"));

  const handlers: Handler[] = [
    httpTriggers(host, of("http"), {
      function: functionKey(stateDir),
      master: masterKey(stateDir),
    }),
  ];
  const blobs = startBlobs(host, of("blob"));
  handlers.push(blobs.handle);
  if (engine !== undefined) handlers.push(engine.handle.bind(engine));
  const server = createHostServer(handlers, faults, log);
  await listen(server, port);
  await engine?.start();
  const listening: Listener[] = [blobs];
  for (const [kind, start] of Object.entries(listeners))
    listening.push(await start(host, of(kind as TriggerKind)));
  log("host.started", { port, functions: functions.length });

  return {
    async stop() {
      await Promise.all(listening.map((listener) => listener.stop()));
      await drain(server);
      await engine?.stop();
      await worker.stop();
      store.close();
      log("host.stopped");
    },
  };
}
