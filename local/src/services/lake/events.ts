import { randomUUID } from "node:crypto";
import type { EventSubscription } from "../../service.ts";
import type { Exchange } from "./exchange.ts";
import type { Address } from "./names.ts";
import type { Entry } from "./entry.ts";

/** An event in the Event Grid schema. Source: learn.microsoft.com/azure/event-grid/event-schema-blob-storage. */
export interface StorageEvent {
  readonly id: string;
  readonly topic: string;
  readonly subject: string;
  readonly eventType: string;
  readonly eventTime: string;
  readonly data: Readonly<Record<string, unknown>> & { readonly api: string };
  readonly dataVersion: string;
  readonly metadataVersion: string;
}

export type EventDraft = Pick<StorageEvent, "eventType" | "subject" | "data">;

/** `data.api` of what this server raises. The event's type follows from it. */
const TYPES = {
  PutBlob: "BlobCreated",
  PutBlockList: "BlobCreated",
  CreateFile: "BlobCreated",
  FlushWithClose: "BlobCreated",
  DeleteBlob: "BlobDeleted",
  DeleteFile: "BlobDeleted",
  RenameFile: "BlobRenamed",
  CreateDirectory: "DirectoryCreated",
  DeleteDirectory: "DirectoryDeleted",
  RenameDirectory: "DirectoryRenamed",
} as const;

type EventApi = keyof typeof TYPES;

const TOPIC =
  "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/assay/providers/Microsoft.Storage/storageAccounts/assay";

/** Drafts of the events of one request. `url` is the account's address, without a slash at the end. */
export class EventDrafts {
  readonly #url: string;
  readonly #exchange: Exchange;

  constructor(url: string, exchange: Exchange) {
    this.#url = url;
    this.#exchange = exchange;
  }

  created(api: EventApi, address: Address, entry: Entry): EventDraft {
    return this.#draft(api, address, {
      // Without quotes here, with quotes in headers: so on Azure.
      eTag: entry.etag,
      contentType: entry.properties.contentType ?? "application/octet-stream",
      contentLength: entry.bytes,
      ...(api === "FlushWithClose" ? { contentOffset: 0 } : {}),
      blobType: "BlockBlob",
      url: this.#address(address),
    });
  }

  deleted(api: EventApi, address: Address, entry: Entry): EventDraft {
    return this.#draft(api, address, {
      ...(entry.isDirectory
        ? { recursive: "true" }
        : {
            contentType:
              entry.properties.contentType ?? "application/octet-stream",
            blobType: "BlockBlob",
          }),
      url: this.#address(address),
    });
  }

  /** The subject is the new path: a subscription on the old folder does not hear of it. */
  renamed(api: EventApi, source: Address, target: Address): EventDraft {
    return this.#draft(api, target, {
      destinationUrl: this.#address(target),
      sourceUrl: this.#address(source),
    });
  }

  directory(address: Address): EventDraft {
    return this.#draft("CreateDirectory", address, {
      url: this.#address(address),
    });
  }

  #draft(
    api: EventApi,
    { container, path }: Address,
    data: Record<string, unknown>,
  ): EventDraft {
    const clientRequestId = this.#exchange.header("x-ms-client-request-id");
    return {
      eventType: `Microsoft.Storage.${TYPES[api]}`,
      subject: `/blobServices/default/containers/${container}/blobs/${path}`,
      data: {
        api,
        ...(clientRequestId === undefined ? {} : { clientRequestId }),
        requestId: this.#exchange.requestId,
        ...data,
        storageDiagnostics: { batchId: randomUUID() },
      },
    };
  }

  #address({ container, path }: Address): string {
    return `${this.#url}/${container}/${path.split("/").map(encodeURIComponent).join("/")}`;
  }
}

/** `sequencer` orders the events of one path by plain comparison of strings. */
export function finished(
  draft: EventDraft,
  now: number,
  sequence: string,
): StorageEvent {
  return {
    id: randomUUID(),
    topic: TOPIC,
    subject: draft.subject,
    eventType: draft.eventType,
    eventTime: new Date(now).toISOString(),
    data: { ...draft.data, sequencer: sequence.slice(2).padStart(48, "0") },
    dataVersion: "2",
    metadataVersion: "1",
  };
}

/** Event Grid's filters: by type, by subject (case does not count, its default), by `data.api`. */
export function isFor(
  subscription: EventSubscription,
  { eventType, subject, data }: EventDraft,
): boolean {
  const path = subject.toLowerCase();
  const begins = (prefix: string): boolean =>
    path.startsWith(prefix.toLowerCase());
  return (
    subscription.eventTypes.includes(eventType) &&
    begins(subscription.subjectBeginsWith) &&
    !subscription.subjectNotBeginsWith.some(begins) &&
    (subscription.apis.length === 0 || subscription.apis.includes(data.api))
  );
}
