import { dirname } from "node:path/posix";
import { bareEtag } from "../../domain/identity.ts";
import type { LakeClients } from "./client.ts";
import {
  isConditionNotMet,
  isMissing,
  isParentMissing,
  orMissing,
  orNotMet,
} from "./errors.ts";
import type { Lake, LakeFile } from "./index.ts";
import { linesOf } from "./lines.ts";

/** Entries of a listing's page: the service's most. */
const PAGE_SIZE = 5000;

/** A download that breaks off is taken up where it was: lines may be read as slowly as a sink takes them. */
const DOWNLOAD_RETRIES = 5;

export function lakeOver({ blobs, paths }: LakeClients): Lake {
  const list = async (
    folder: string,
    wanted: "files" | "folders",
    {
      most = Infinity,
      from,
    }: { most?: number; from?: string | undefined } = {},
  ): Promise<LakeFile[]> => {
    const found: LakeFile[] = [];
    const pages = (await paths())
      .listPaths({
        path: folder,
        recursive: wanted === "files",
        ...(from === undefined ? {} : { startFrom: from }),
      })
      .byPage({ maxPageSize: Math.min(most, PAGE_SIZE) });
    try {
      for await (const { pathItems = [] } of pages) {
        for (const item of pathItems)
          if (
            item.name &&
            (item.isDirectory ?? false) === (wanted === "folders")
          )
            found.push({
              path: item.name,
              etag: bareEtag(item.etag ?? ""),
              bytes: item.contentLength ?? 0,
              modifiedAt: item.lastModified?.getTime() ?? 0,
            });
        if (found.length >= most) break;
      }
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    return found.slice(0, most);
  };

  return {
    async find(path) {
      const blob = (await blobs()).getBlobClient(path);
      const found = await orMissing(blob.getProperties());
      return (
        found && {
          path,
          etag: bareEtag(found.etag ?? ""),
          bytes: found.contentLength ?? 0,
          modifiedAt: found.lastModified?.getTime() ?? 0,
          metadata: found.metadata ?? {},
          isCopying: found.copyStatus === "pending",
          isLeased: found.leaseStatus === "locked",
        }
      );
    },

    async read(path) {
      const blob = (await blobs()).getBlobClient(path);
      const found = await orMissing(blob.download());
      if (!found?.readableStreamBody) return undefined;
      const chunks: Buffer[] = [];
      for await (const chunk of found.readableStreamBody)
        chunks.push(Buffer.from(chunk as Uint8Array));
      return {
        text: Buffer.concat(chunks).toString("utf8"),
        etag: bareEtag(found.etag ?? ""),
      };
    },

    async readLines(path) {
      const blob = (await blobs()).getBlobClient(path);
      const found = await orMissing(
        blob.download(0, undefined, { maxRetryRequests: DOWNLOAD_RETRIES }),
      );
      return found?.readableStreamBody && linesOf(found.readableStreamBody);
    },

    async createOnce(path, content, metadata = {}) {
      const body = typeof content === "string" ? Buffer.from(content) : content;
      const blob = (await blobs()).getBlockBlobClient(path);
      return orNotMet(
        blob.upload(body, body.length, {
          conditions: { ifNoneMatch: "*" },
          metadata: { ...metadata },
        }),
      );
    },

    async replace(path, content, etag) {
      const body = Buffer.from(content);
      const blob = (await blobs()).getBlockBlobClient(path);
      return orNotMet(
        blob.upload(body, body.length, {
          conditions: etag === undefined ? {} : { ifMatch: quoted(etag) },
        }),
      );
    },

    async move(from, to, etag) {
      const container = await paths();
      // The SDK puts this before the destination's path: on Azure the container, behind a path-style address the account too.
      const root = new URL(container.url).pathname.replace(/^\/|\/$/g, "");
      const move = async (): Promise<unknown> =>
        container
          .getFileClient(from)
          .move(root, to, { conditions: { ifMatch: quoted(etag) } });
      try {
        await move().catch(async (error: unknown) => {
          // A rename makes no folders, and the folder of a claim is its own: the first attempt finds none.
          if (!isParentMissing(error)) throw error;
          await container.getDirectoryClient(dirname(to)).createIfNotExists();
          await move();
        });
        return true;
      } catch (error) {
        if (isMissing(error) || isConditionNotMet(error)) return false;
        throw error;
      }
    },

    async remove(path) {
      await (await blobs()).getBlobClient(path).deleteIfExists();
    },

    async removeFolder(folder) {
      await (await paths()).getDirectoryClient(folder).deleteIfExists(true);
    },

    list: (folder) => list(folder, "files"),

    listSome: (folder, most, from) => list(folder, "files", { most, from }),

    async listFolders(folder) {
      const found = await list(folder, "folders");
      return found.map(({ path }) => path.slice(folder.length + 1)).sort();
    },
  };
}

const quoted = (etag: string): string => `"${etag}"`;
