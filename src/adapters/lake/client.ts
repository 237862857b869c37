import type { ContainerClient } from "@azure/storage-blob";
import type { DataLakeFileSystemClient } from "@azure/storage-file-datalake";
import type { Config } from "../../config.ts";
import { onFirstUse } from "../onFirstUse.ts";
import type { Identity } from "../identity/index.ts";

/** The vendor's clients; each is loaded when first used. */
export interface LakeClients {
  /** The blob endpoint: Put Blob is one atomic request, where DFS needs three. */
  readonly blobs: () => Promise<ContainerClient>;
  /** The DFS endpoint: atomic renames, and listings that tell folders from files. */
  readonly paths: () => Promise<DataLakeFileSystemClient>;
}

export function lakeClients(config: Config, identity: Identity): LakeClients {
  return {
    blobs: onFirstUse(async () => {
      const { lake } = config;
      const { BlobServiceClient } = await import("@azure/storage-blob");
      return new BlobServiceClient(
        lake.blobUrl,
        await identity(),
      ).getContainerClient(lake.container);
    }),
    paths: onFirstUse(async () => {
      const { lake } = config;
      const { DataLakeServiceClient } =
        await import("@azure/storage-file-datalake");
      return new DataLakeServiceClient(
        lake.dfsUrl,
        await identity(),
      ).getFileSystemClient(lake.container);
    }),
  };
}
