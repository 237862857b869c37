import { CosmosClient } from "@azure/cosmos";
import {
  EventHubBufferedProducerClient,
  EventHubProducerClient,
  type EventHubBufferedProducerClientOptions,
} from "@azure/event-hubs";
import {
  BlobServiceClient,
  StorageSharedKeyCredential as BlobKeyCredential,
} from "@azure/storage-blob";
import {
  DataLakeServiceClient,
  StorageSharedKeyCredential,
  type DataLakeFileSystemClient,
} from "@azure/storage-file-datalake";
import { functionKey, sharedKey } from "../shared/keys.ts";
import { tokenAuthority } from "../shared/tokens.ts";
import { keptPorts } from "./ports.ts";
import { LAKE_ACCOUNT } from "./settings.ts";

/** The vendor's own clients for a running platform, with its keys: what a person at the portal would use. */
export interface Clients {
  readonly functionsUrl: string;
  producer(hub: string): EventHubProducerClient;
  /** For many events: it gathers them, and chooses partitions by key or by turns. */
  bufferedProducer(
    hub: string,
    options: EventHubBufferedProducerClientOptions,
  ): EventHubBufferedProducerClient;
  lake(container: string): DataLakeFileSystemClient;
  /** Writes a file of the lake unless it is there, in one request: no reader sees half of it. */
  createOnce(container: string, path: string, text: string): Promise<void>;
  readonly cosmos: CosmosClient;
  /** GET of the app's API with the function key; the parsed answer. */
  get(path: string): Promise<{ status: number; body: unknown }>;
  /** A request to the workspace with a token of its own. */
  databricks(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }>;
}

const DATABRICKS_RESOURCE = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";

export function clientsOf(stateDir: string): Clients {
  const ports = keptPorts(stateDir);
  const at = (endpoint: string): string =>
    `127.0.0.1:${ports.get(endpoint) ?? 0}`;
  const key = sharedKey(stateDir);
  const eventHubs = `Endpoint=sb://${at("eventHubs")};SharedAccessKeyName=Root;SharedAccessKey=${key}`;
  const functionsUrl = `http://${at("functions")}`;
  const answer = async (
    response: Response,
  ): Promise<{ status: number; body: unknown }> => {
    const text = await response.text();
    return {
      status: response.status,
      body: text === "" ? undefined : (JSON.parse(text) as unknown),
    };
  };
  return {
    functionsUrl,
    producer: (hub) => new EventHubProducerClient(eventHubs, hub),
    bufferedProducer: (hub, options) =>
      new EventHubBufferedProducerClient(eventHubs, hub, options),
    lake: (container) =>
      new DataLakeServiceClient(
        `https://${at("lake")}/${LAKE_ACCOUNT}`,
        new StorageSharedKeyCredential(LAKE_ACCOUNT, key),
      ).getFileSystemClient(container),
    async createOnce(container, path, text) {
      const account = `https://${at("lake")}/${LAKE_ACCOUNT}`;
      const credential = new BlobKeyCredential(LAKE_ACCOUNT, key);
      await new BlobServiceClient(account, credential)
        .getContainerClient(container)
        .getBlockBlobClient(path)
        .upload(text, Buffer.byteLength(text), {
          conditions: { ifNoneMatch: "*" },
        });
    },
    cosmos: new CosmosClient({
      endpoint: `https://${at("cosmos")}/`,
      key,
      connectionPolicy: {
        enableEndpointDiscovery: false,
        enableBackgroundEndpointRefreshing: false,
      },
    }),
    async get(path) {
      return answer(
        await fetch(`${functionsUrl}${path}`, {
          headers: { "x-functions-key": functionKey(stateDir) },
        }),
      );
    },
    async databricks(method, path, body) {
      const { token } = await tokenAuthority(stateDir).issue(
        DATABRICKS_RESOURCE,
        { objectId: "operator" },
      );
      return answer(
        await fetch(`http://${at("databricks")}${path}`, {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            "content-type": "application/json",
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      );
    },
  };
}
