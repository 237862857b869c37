import type { Config } from "../../config.ts";
import type { Identity } from "../identity/index.ts";
import { lakeClients } from "./client.ts";
import { lakeOver } from "./operations.ts";

/** A file of the lake, as HEAD or a listing tells of it. */
export interface LakeFile {
  readonly path: string;
  readonly etag: string;
  readonly bytes: number;
  /** Milliseconds, the lake's clock. */
  readonly modifiedAt: number;
}

export interface FoundFile extends LakeFile {
  readonly metadata: Readonly<Record<string, string>>;
  /** A copy into it has begun and not ended: what is there is not all. */
  readonly isCopying: boolean;
  /** Somebody holds a lease on it: it is being written. */
  readonly isLeased: boolean;
}

/** The data lake's container. Paths are relative to its root. */
export interface Lake {
  find(path: string): Promise<FoundFile | undefined>;
  read(path: string): Promise<{ text: string; etag: string } | undefined>;
  /** The lines of a text file as they come, without their ends; undefined where there is none. */
  readLines(path: string): Promise<AsyncIterable<string> | undefined>;
  /** One atomic request. False when the path exists already, whoever made it. */
  createOnce(
    path: string,
    content: Buffer | string,
    metadata?: Readonly<Record<string, string>>,
  ): Promise<boolean>;
  /** Writes over what is there; with an ETag only over that. False when it was another. */
  replace(path: string, content: string, etag?: string): Promise<boolean>;
  /** Atomic, nothing is copied. False when the source is gone or has another ETag. */
  move(from: string, to: string, etag: string): Promise<boolean>;
  /** No error when it is not there. */
  remove(path: string): Promise<void>;
  /** With all that is below it. No error when it is not there. */
  removeFolder(folder: string): Promise<void>;
  /** All files below a folder; none when there is no such folder. */
  list(folder: string): Promise<LakeFile[]>;
  /**
   * At most `most` files below a folder, in the order of their paths; from a path below the folder on, itself included.
   * One request where a page of the service holds as many.
   */
  listSome(folder: string, most: number, from?: string): Promise<LakeFile[]>;
  /** The names of the folders in a folder. */
  listFolders(folder: string): Promise<string[]>;
}

export const createLake = (config: Config, identity: Identity): Lake =>
  lakeOver(lakeClients(config, identity));
