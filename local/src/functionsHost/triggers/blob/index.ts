import { AppFault, messageOf } from "../../app/appFault.ts";
import { required, type AppFunction } from "../../app/appFunctions.ts";
import type { Host, Listener } from "../hostContext.ts";
import { FIRST_POLL_MS, MAX_DEQUEUE_COUNT } from "../../limits.ts";
import { openQueue } from "../queue/messages.ts";
import type { Handler } from "../../httpServer.ts";
import { connectionSetting } from "../../app/appSettings.ts";
import {
  storageAt,
  unexpected,
  type Storage,
} from "../../connections/storageRequests.ts";
import { bindBlob } from "./bindBlob.ts";
import { notes, type Note } from "./notes.ts";
import { compileBlobPath, type BlobPath } from "./path.ts";
import { blobWebhook } from "./webhook.ts";

const POISON_QUEUE = "webjobs-blobtrigger-poison";

interface BlobTriggers extends Listener {
  readonly handle: Handler;
}

interface Trigger {
  readonly fn: AppFunction;
  readonly path: BlobPath;
  readonly storage: Storage;
}

/** Blob triggers fed by Event Grid. What was noted before a restart is taken up at once. */
export function startBlobs(
  host: Host,
  functions: readonly AppFunction[],
): BlobTriggers {
  const { clock, hostJson } = host;
  const triggers = new Map(functions.map((fn) => [fn.name, open(host, fn)]));
  const list = notes(host.store);
  const running = new Map<number, Promise<void>>();
  const atOnce = hostJson.number("extensions.blobs.maxDegreeOfParallelism", 8);
  const most = hostJson.number(
    "extensions.blobs.poisonBlobThreshold",
    MAX_DEQUEUE_COUNT,
  );
  let isStopping = false;
  let cancel = (): void => undefined;

  const work = (): void => {
    cancel();
    if (isStopping || running.size >= atOnce) return;
    // One that runs longer than its wait is due again: so as many are read as may run, not as are free.
    for (const note of list.due(clock.now(), atOnce)) {
      if (running.size >= atOnce) return;
      if (running.has(note.id)) continue;
      const call = handle(note).finally(() => {
        running.delete(note.id);
        work();
      });
      running.set(note.id, call);
    }
    const next = list.nextDue(clock.now());
    if (next !== undefined) cancel = clock.after(next - clock.now(), work);
  };

  const handle = async (note: Note): Promise<void> => {
    const trigger = triggers.get(note.function);
    const names = trigger?.path.match(note.path);
    if (trigger === undefined || names === undefined) {
      host.log("blob.skipped", { function: note.function, path: note.path });
      list.remove(note.id);
      return;
    }
    const attempt = note.attempts + 1;
    const retryMs = FIRST_POLL_MS * 2 ** attempt;
    list.plan(note.id, attempt, clock.now() + retryMs);
    try {
      const isDone = await call(host, trigger, note, names);
      if (!isDone && attempt < most) return;
      if (!isDone) await toPoison(host, trigger.fn, note);
      list.remove(note.id);
    } catch (error) {
      // The storage did not answer, which is no attempt of the function.
      list.plan(note.id, note.attempts, clock.now() + retryMs);
      const reason = messageOf(error);
      host.log("blob.failed", { function: note.function, reason });
    }
  };

  work();
  return {
    handle: blobWebhook(
      host.systemKey,
      (name) =>
        [...triggers.keys()].find(
          (known) => known.toLowerCase() === name.toLowerCase(),
        ),
      (blobs) => {
        list.add(blobs, clock.now());
        work();
      },
    ),
    async stop() {
      isStopping = true;
      cancel();
      await Promise.all(running.values());
    },
  };
}

function open(host: Host, fn: AppFunction): Trigger {
  const where = `The function '${fn.name}'`;
  if (fn.trigger["source"] !== "EventGrid")
    throw new AppFault(
      `${where} has a blobTrigger that scans its container, which the local host does not serve: give it source: "EventGrid".`,
    );
  const connection = required(fn, "connection");
  return {
    fn,
    path: compileBlobPath(required(fn, "path"), where),
    storage: storageAt(
      host,
      connectionSetting(connection, "blobServiceUri", where),
    ),
  };
}

/** Calls the function with the blob as it is now. True: there is no more to do. */
async function call(
  host: Host,
  { fn, storage }: Trigger,
  { path, etag }: Note,
  names: Readonly<Record<string, string>>,
): Promise<boolean> {
  const response = await storage("GET", path);
  const isGone = response.status === 404;
  // What was written after the event has an event of its own.
  const isOther = plain(response.headers.get("etag") ?? "") !== plain(etag);
  if (isGone || (response.ok && isOther)) {
    await response.body?.cancel();
    host.log("blob.passedOver", { function: fn.name, path, isGone });
    return true;
  }
  if (!response.ok) throw await unexpected(`Reading '${path}'`, response);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { ok } = await host.worker.run(fn.name, () =>
    bindBlob(host, fn, { path, response, bytes }, names),
  );
  return ok;
}

const plain = (etag: string): string => etag.replaceAll('"', "");

async function toPoison(
  host: Host,
  fn: AppFunction,
  { path, etag }: Note,
): Promise<void> {
  const [container = "", ...name] = path.split("/");
  const message = {
    FunctionId: `Host.Functions.${fn.name}`,
    BlobType: "BlockBlob",
    ContainerName: container,
    BlobName: name.join("/"),
    ETag: `"${plain(etag)}"`,
  };
  const queue = openQueue(
    host,
    connectionSetting(
      required(fn, "connection"),
      "queueServiceUri",
      `The function '${fn.name}'`,
    ),
    POISON_QUEUE,
  );
  await queue.put(Buffer.from(JSON.stringify(message)).toString("base64"));
  host.log("blob.poison", { function: fn.name, path });
}
