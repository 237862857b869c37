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
export interface Provision {
  readonly version: 1;
  readonly hubs: readonly {
    name: string;
    partitions: number;
    consumerGroups: readonly string[];
  }[];
  readonly lake: {
    readonly container: string;
    readonly folders: readonly string[];
    readonly queues: readonly string[];
    readonly subscriptions: readonly EventSubscription[];
  };
  readonly cosmos: {
    readonly database: string;
    readonly containers: readonly {
      name: string;
      partitionKey: string;
      defaultTtlSeconds?: number;
    }[];
  };
  /** Names of app settings that sinks read, and that nothing provisions. */
  readonly settings?: readonly string[];
  readonly schedules: readonly { name: string; cron: string }[];
}

/** An Event Grid subscription on the lake's account. */
export interface EventSubscription {
  readonly name: string;
  readonly eventTypes: readonly string[];
  readonly subjectBeginsWith: string;
  /** Subjects below one of these are left out: another subscription has them. */
  readonly subjectNotBeginsWith: readonly string[];
  /** Values of `data.api` that are let through; empty: all. */
  readonly apis: readonly string[];
  /** A storage queue, or the blob trigger of a function. */
  readonly destination:
    { readonly queue: string } | { readonly blobTrigger: string };
}
