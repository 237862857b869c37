import type { ProvisionFile } from "../../scripts/package/provisionFile.ts";
import type { Clock } from "./shared/clock.ts";
import type { Faults } from "./shared/faults.ts";
import type { Log } from "./shared/log.ts";
import type { TlsFiles } from "./shared/tls.ts";
import type { TokenAuthority } from "./shared/tokens.ts";
import type { Witness } from "./shared/witness.ts";

/** What every local service is given. Nothing else reaches it: no environment, no global state. */
export interface ServiceContext {
  /** The state of this platform: every service keeps its files in a folder of its own below it. */
  readonly stateDir: string;
  /** What set-up installed: the Python environment, Spark's jars. Shared by all platforms of this checkout. */
  readonly toolsDir: string;
  /** The checkout: the service that runs jobs reads the bundle here. */
  readonly projectDir: string;
  /** What `npm run package` wrote about hubs, containers, subscriptions and schedules. */
  readonly provision: Provision;
  readonly tls: TlsFiles;
  readonly tokens: TokenAuthority;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly log: Log;
  /** Only tests have one: it sees which client's operations work. */
  readonly witness?: Witness;
  /** The port that this platform keeps for an endpoint, the same at every start of the same state. */
  port(endpoint: string): number;
}

/** One Azure service on the laptop. `local/src/services/index.ts` lists them all. */
export interface Service {
  readonly name: string;
  /** The names of the endpoints it listens on, all on 127.0.0.1. */
  readonly endpoints: readonly string[];
  start(context: ServiceContext): Promise<RunningService>;
}

export interface RunningService {
  /** Resolves when the port is closed, the state is on disk and every child process has ended. */
  stop(): Promise<void>;
}

/** `infra/generated/pipelines.json`: the local platform creates from it what an operator creates on Azure. */
export type Provision = DeepReadonly<ProvisionFile>;

/** An Event Grid subscription on the lake's account. */
export type EventSubscription = Provision["lake"]["subscriptions"][number];

type DeepReadonly<T> = T extends object
  ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
  : T;
