import type { Config } from "../../config.ts";
import type { InsightDocument } from "../../domain/documents.ts";
import type { Identity } from "../identity/index.ts";
import { cosmosContainers } from "./client.ts";
import { storeOver } from "./operations.ts";

export interface StoredDocument extends InsightDocument {
  readonly _etag: string;
}

/** A read with the caller's ETag: the document, or that it is still the same, or nothing. */
export type ReadAnswer = StoredDocument | "unchanged" | undefined;

export interface PageQuestion {
  readonly partition: string;
  readonly idPrefix: string;
  /** The id after which the page begins. */
  readonly after: string;
  readonly limit: number;
}

/** One write of many: made anew, or patched where the stored fence is not newer. */
export interface DocumentWrite {
  readonly kind: "create" | "patch";
  readonly document: InsightDocument;
}

/** The serving store. A container a gold table. */
export interface Store {
  read(
    container: string,
    partition: string,
    id: string,
    etag?: string,
  ): Promise<ReadAnswer>;
  /** Live documents of one partition, by id. */
  page(container: string, question: PageQuestion): Promise<StoredDocument[]>;
  /** The HTTP status of each write, in the order given. Throttling is waited out. */
  write(container: string, writes: readonly DocumentWrite[]): Promise<number[]>;
}

export const createStore = (config: Config, identity: Identity): Store =>
  storeOver(cosmosContainers(config, identity));
