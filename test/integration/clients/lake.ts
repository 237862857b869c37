import type { TokenCredential } from "@azure/identity";
import type { LocalLake } from "../../support/lake.ts";

/** Every operation of the lake and its queues, by the JavaScript SDKs and, where none of them does it, by itself. */
export async function useLakeFromJavaScript(lake: LocalLake): Promise<void> {
  await useBlobs(lake);
  await usePaths(lake);
  await useQueues(lake);
  await useWhatNoSdkDoes(lake);
}

async function useBlobs({ blobs }: LocalLake): Promise<void> {
  await blobs.createContainer("javascript");
  await blobs.listContainers().next();
  const container = blobs.getContainerClient("javascript");
  await container.getProperties();
  const blob = container.getBlockBlobClient("one.txt");
  await blob.upload("text", 4);
  await blob.setMetadata({ a: "1" });
  await blob.setHTTPHeaders({ blobContentType: "text/plain" });
  await blob.getProperties();
  await blob.downloadToBuffer();
  await blob.stageBlock("YQ==", "text", 4);
  await blob.commitBlockList(["YQ=="]);
  await blob.getBlockList("all");
  await container.listBlobsFlat().next();
  await blob.delete();
  await blobs.deleteContainer("javascript");
}

async function usePaths({ files }: LocalLake): Promise<void> {
  const filesystem = files.getFileSystemClient("lake");
  const directory = filesystem.getDirectoryClient("javascript");
  await directory.create();
  const file = directory.getFileClient("one.txt");
  await file.create();
  await file.append("text", 0, 4);
  await file.flush(4);
  await file.move("javascript/two.txt");
  await filesystem.listPaths({ recursive: true }).next();
  await directory.delete(true);
}

async function useQueues({ queues }: LocalLake): Promise<void> {
  const queue = queues.getQueueClient("javascript");
  await queue.create();
  await queue.setMetadata({ a: "1" });
  await queue.getProperties();
  await queue.sendMessage("one");
  await queue.peekMessages();
  const { receivedMessageItems } = await queue.receiveMessages();
  for (const { messageId, popReceipt } of receivedMessageItems) {
    const updated = await queue.updateMessage(messageId, popReceipt, "two");
    await queue.deleteMessage(messageId, updated.popReceipt ?? "");
  }
  await queue.clearMessages();
  await queues.listQueues().next();
  await queue.delete();
}

/** Hadoop's driver speaks the DFS protocol to filesystems and of properties too; the SDKs take the blobs' for it. */
async function useWhatNoSdkDoes(lake: LocalLake): Promise<void> {
  const { lakeUrl, credential } = lake;
  const ask = asker(lakeUrl, credential);
  await ask("PUT", "/plain?resource=filesystem");
  await ask("HEAD", "/plain?resource=filesystem");
  await ask("PUT", "/plain/one?resource=file");
  await ask("PATCH", "/plain/one?action=setProperties", {
    "x-ms-properties": "a=MQ==",
  });
  await ask("HEAD", "/plain/one?action=getStatus");
  await ask("DELETE", "/plain?resource=filesystem");
}

/** Sends requests as no SDK does; fails when one is refused. */
function asker(lakeUrl: string, credential: TokenCredential) {
  return async (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> => {
    const response = await plainly(lakeUrl, credential, method, path, headers);
    if (!response.ok)
      throw new Error(`${method} ${path}: ${await response.text()}`);
  };
}

export async function plainly(
  url: string,
  credential: TokenCredential,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const scope = "https://storage.azure.com/.default";
  const { token } = (await credential.getToken(scope)) ?? { token: "" };
  return fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      "x-ms-version": "2024-11-04",
      "user-agent": "plain",
      ...headers,
    },
  });
}
