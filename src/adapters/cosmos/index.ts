import type { Config } from "../../config.ts";
import type { DocumentName, InsightDocument } from "../../domain/documents.ts";
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
  /** Of its JSON, about. */
  readonly bytes: number;
}

/** What became of a write. */
export interface WriteAnswer {
  /** Of HTTP. */
  readonly status: number;
  /** Cosmos DB's own number beside it; 0 where it gives none. */
  readonly substatus: number;
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
  /** In the order given. Throttling is waited out. */
  write(
    container: string,
    writes: readonly DocumentWrite[],
  ): Promise<WriteAnswer[]>;
  /** What tells a container from another of the same name: undefined where there is none. */
  findContainer(container: string): Promise<string | undefined>;
  /** Some live documents that older batches wrote than the one with this fence; none when there are no more. */
  findOlder(
    container: string,
    fence: string,
    limit: number,
  ): Promise<DocumentName[]>;
}

export const createStore = (config: Config, identity: Identity): Store =>
  storeOver(cosmosContainers(config, identity));
