import { newGuid } from "./commit.ts";
import type { Engine } from "./engine.ts";
import { payloadTooLargeText, refuse, unknownFunctionText } from "./errors.ts";
import { eventType, raisedEvent } from "./history.ts";
import { hasEnded, type Instance, type RuntimeStatus } from "./instance.ts";
import {
  MAX_INSTANCE_ID_LENGTH,
  MAX_PAYLOAD_BYTES,
  PAGE_SIZE,
} from "./limits.ts";
import type { InstanceFilter } from "./store.ts";

/** What can be done to instances from outside; refusals are those of the management API. */
export class Client {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Starts an orchestration and gives its id. An id may be used again when its instance has ended. */
  start(
    functionName: string,
    given: string | undefined,
    input: string,
    version = "",
  ): string {
    const known = this.#engine.functions.orchestrators;
    const name = known.find(
      (other) => other.toLowerCase() === functionName.toLowerCase(),
    );
    if (name === undefined)
      refuse(
        "badArgument",
        unknownFunctionText("orchestrator", functionName, known),
      );
    const instanceId = given ?? newGuid();
    checkInstanceId(instanceId);
    checkPayload("The input of an orchestration", input);
    const existing = this.#engine.store.instance(instanceId);
    if (existing && !hasEnded(existing.status))
      refuse(
        "alreadyRunning",
        `An Orchestration instance with the status ${existing.status} already exists.`,
      );
    this.#engine.create({ instanceId, name, version, input, parent: null });
    return instanceId;
  }

  find(instanceId: string): Instance {
    return this.#engine.store.instance(instanceId) ?? refuse("notFound");
  }

  /** A page of instances, and where the next one begins. */
  list(filter: Omit<InstanceFilter, "limit"> & { readonly limit?: number }): {
    page: Instance[];
    next?: string;
  } {
    const limit = filter.limit ?? PAGE_SIZE;
    const found = this.#engine.store.list({ ...filter, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return found.length > limit && last
      ? { page, next: last.instanceId }
      : { page };
  }

  raiseEvent(instanceId: string, eventName: string, input: string): void {
    this.#findRunning(instanceId);
    checkPayload("The data of an event", input);
    this.#engine.send(
      instanceId,
      raisedEvent(eventName, input, this.#engine.now()),
    );
  }

  terminate(instanceId: string, reason: string): void {
    this.#findRunning(instanceId);
    this.#engine.send(instanceId, {
      ...this.#stamp(),
      EventType: eventType.ExecutionTerminated,
      Input: reason,
    });
  }

  suspend(instanceId: string, reason: string): void {
    this.#findRunning(instanceId);
    this.#engine.send(instanceId, {
      ...this.#stamp(),
      EventType: eventType.ExecutionSuspended,
      Reason: reason,
    });
  }

  resume(instanceId: string, reason: string): void {
    this.#findRunning(instanceId);
    this.#engine.send(instanceId, {
      ...this.#stamp(),
      EventType: eventType.ExecutionResumed,
      Reason: reason,
    });
  }

  /** Says how many were deleted: none when the instance has not ended. */
  purge(instanceId: string): number {
    return this.#delete([this.find(instanceId)]);
  }

  purgeAll(filter: {
    readonly createdFrom: string;
    readonly createdTo: string;
    readonly statuses?: readonly RuntimeStatus[];
  }): number {
    return this.#delete(this.#engine.store.list({ ...filter, limit: -1 }));
  }

  restart(instanceId: string, withNewInstanceId: boolean): string {
    const instance =
      this.#engine.store.instance(instanceId) ?? refuse("restartUnknown");
    return this.start(
      instance.name,
      withNewInstanceId ? undefined : instanceId,
      instance.input,
      instance.version,
    );
  }

  #delete(instances: readonly Instance[]): number {
    const { store } = this.#engine;
    const ended = instances.filter(({ status }) => hasEnded(status));
    store.transaction(() => {
      for (const { instanceId } of ended) store.deleteInstance(instanceId);
    });
    return ended.length;
  }

  #findRunning(instanceId: string): void {
    if (hasEnded(this.find(instanceId).status)) refuse("gone");
  }

  #stamp() {
    return { EventId: -1, Timestamp: this.#engine.now() } as const;
  }
}

/** DurableClient.cs, StartNewAsync. */
function checkInstanceId(instanceId: string): void {
  if (instanceId.startsWith("@"))
    refuse("badArgument", "Orchestration instance ids must not start with @.");
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[/\\?#\u0000-\u001f\u007f-\u009f]/.test(instanceId))
    refuse(
      "badArgument",
      "Orchestration instance ids must not contain /, \\, #, ?, or control characters.",
    );
  if (instanceId.length > MAX_INSTANCE_ID_LENGTH)
    refuse(
      "badArgument",
      `Instance ID lengths must not exceed ${MAX_INSTANCE_ID_LENGTH} characters.`,
    );
}

function checkPayload(what: string, json: string): void {
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_PAYLOAD_BYTES)
    refuse("badArgument", payloadTooLargeText(what, bytes, MAX_PAYLOAD_BYTES));
}
