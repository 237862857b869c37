/** A platform whose processes are killed and started again, on the same state and the same ports. */
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventHubProducerClient } from "@azure/event-hubs";
import { startChild, type Child } from "../../local/src/platform/children.ts";
import { clientsOf, type Clients } from "../../local/src/platform/clients.ts";
import { readProvision } from "../../local/src/platform/context.ts";
import { packageApp } from "../../local/src/platform/packageApp.ts";
import { choosePorts } from "../../local/src/platform/ports.ts";
import { appSettings } from "../../local/src/platform/settings.ts";
import type { FaultRule } from "../../local/src/shared/faults.ts";
import { sharedKey } from "../../local/src/shared/keys.ts";
import { services } from "../../local/src/services/index.ts";
import {
  copyCheckout,
  descendants,
  killAll,
} from "../../test/support/assay.ts";
import type { ProofTime } from "./time.ts";

/** Two processes of services, so that Spark does not run where no batch needs it. */
const STORES = ["identity", "eventHubs", "lake", "cosmos"];
const WORKSPACE = ["databricks"];

/** What a proof runs. */
export interface Subject {
  readonly pipelinesDir: string;
  /** All of the folder unless given. */
  readonly pipelines?: readonly string[];
  /** Writes into the copy of the folder what is not in it. */
  readonly complete?: (pipelinesDir: string) => void;
  readonly hasSpark: boolean;
  /** Whether Cosmos refuses from the first start on. */
  readonly refusesDocuments?: boolean;
}

/** Cosmos answers 503 to everything about documents. */
const REFUSING: FaultRule = {
  service: "cosmos",
  path: "/docs",
  action: "refuse",
  status: 503,
  times: Number.MAX_SAFE_INTEGER,
};

export class ProofPlatform {
  readonly stateDir: string;
  readonly checkout: string;
  readonly ports: ReadonlyMap<string, number>;
  readonly clients: Clients;
  /** Read at each start. */
  refusesDocuments: boolean;
  hasSpark: boolean;
  #children: Child[] = [];

  private constructor(
    checkout: string,
    stateDir: string,
    ports: ReadonlyMap<string, number>,
    { hasSpark, refusesDocuments = false }: Subject,
  ) {
    this.checkout = checkout;
    this.stateDir = stateDir;
    this.ports = ports;
    this.hasSpark = hasSpark;
    this.refusesDocuments = refusesDocuments;
    this.clients = clientsOf(stateDir);
  }

  /** Packages the app with the proof's own pipelines in a copy of this checkout. */
  static async prepare(subject: Subject): Promise<ProofPlatform> {
    const { pipelinesDir, pipelines = readdirSync(pipelinesDir) } = subject;
    const checkout = copyCheckout();
    try {
      const copied = join(checkout, "pipelines");
      rmSync(copied, { recursive: true });
      for (const name of pipelines)
        cpSync(join(pipelinesDir, name), join(copied, name), {
          recursive: true,
        });
      subject.complete?.(copied);
      await packageApp(checkout);
    } catch (error) {
      rmSync(checkout, { recursive: true });
      throw error;
    }
    const stateDir = mkdtempSync(join(tmpdir(), "assay-proof-"));
    const endpoints = services.flatMap((service) => service.endpoints);
    const ports = await choosePorts(stateDir, endpoints, 0);
    return new ProofPlatform(checkout, stateDir, ports, subject);
  }

  get databricksUrl(): string {
    return `http://127.0.0.1:${this.ports.get("databricks") ?? 0}`;
  }

  /** Starts what does not run; resolves when all of it is ready. Without a time of its own the clock is the machine's. */
  async start(
    time: ProofTime | undefined,
    changedSettings: Readonly<Record<string, string>>,
  ): Promise<void> {
    const env = time === undefined ? {} : { ASSAY_CLOCK: time.file };
    const faults = this.refusesDocuments ? [REFUSING] : [];
    const serve = (names: readonly string[]): Promise<Child> =>
      this.#child("local/src/servicesMain.ts", names, {
        ...env,
        ASSAY_FAULTS: JSON.stringify(faults),
      });
    const groups = this.hasSpark ? [STORES, WORKSPACE] : [STORES];
    await Promise.all(groups.map(serve));
    const settings = {
      ...appSettings(this.stateDir, this.ports, readProvision(this.checkout)),
      ...changedSettings,
    };
    const appDir = join(this.checkout, "out", "app");
    await this.#child("local/src/functionsHostMain.ts", [appDir], {
      ...env,
      ASSAY_APP_SETTINGS: JSON.stringify(settings),
    });
  }

  /** Sends bodies to the one partition of a hub, all at once or not at all. */
  async send(hub: string, bodies: readonly string[]): Promise<void> {
    // One for each sending: its token is renewed by a timer, and timers do not see the platform's time.
    const producer = this.producer(hub);
    const events = bodies.map((body) => ({ body: Buffer.from(body) }));
    await producer.sendBatch(events, { partitionId: "0" });
    await producer.close();
  }

  /** kill -9 of all processes and all that they started, Spark as well. */
  async kill(): Promise<void> {
    const killed = this.#children;
    this.#children = [];
    killAll(killed.flatMap(({ pid }) => descendants(pid)));
    await Promise.all(killed.map(({ ended }) => ended));
  }

  /** How many requests Cosmos has refused, by the log of the services. */
  refusedWrites(): number {
    const log = join(this.stateDir, "logs", "services.log");
    return readFileSync(log, "utf8").split('"fault.met"').length - 1;
  }

  async dispose(keepsState: boolean): Promise<void> {
    await this.kill();
    rmSync(this.checkout, { recursive: true, force: true });
    if (!keepsState) rmSync(this.stateDir, { recursive: true, force: true });
  }

  async #child(
    script: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<Child> {
    const child = await startChild(
      this.checkout,
      "proof's process",
      [script, this.stateDir, ...args],
      env,
    );
    this.#children.push(child);
    return child;
  }

  producer(hub: string): EventHubProducerClient {
    const address = `127.0.0.1:${this.ports.get("eventHubs") ?? 0}`;
    const key = sharedKey(this.stateDir);
    return new EventHubProducerClient(
      `Endpoint=sb://${address};SharedAccessKeyName=Root;SharedAccessKey=${key}`,
      hub,
      // A repeat could send the same events twice, and they would be two each.
      { retryOptions: { maxRetries: 0 } },
    );
  }
}
