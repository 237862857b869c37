import { errors, fail } from "../errors.ts";
import {
  MAX_NAME_LENGTH,
  MAX_PARTITION_KEY_PATHS,
  MAX_TTL_SECONDS,
} from "../limits.ts";
import {
  isArray,
  isObject,
  type Json,
  type JsonObject,
} from "../sql/values.ts";

/** Type aliases, not interfaces: only those are JSON to the compiler. */
export type CompositePath = {
  readonly path: string;
  readonly order?: "ascending" | "descending";
};

export type IndexingPolicy = {
  readonly indexingMode?: string;
  readonly includedPaths?: readonly { readonly path: string }[];
  readonly excludedPaths?: readonly { readonly path: string }[];
  readonly compositeIndexes?: readonly (readonly CompositePath[])[];
};

/** What the owner of a container decides about it. */
export interface ContainerDefinition {
  readonly id: string;
  readonly partitionKey: {
    readonly paths: readonly string[];
    readonly kind?: string;
    readonly version?: number;
  };
  readonly indexingPolicy: IndexingPolicy;
  /** Seconds; -1 lets only documents with a `ttl` of their own expire. */
  readonly defaultTtl?: number;
}

const DEFAULT_INDEXING: IndexingPolicy & { automatic: boolean } = {
  indexingMode: "consistent",
  automatic: true,
  includedPaths: [{ path: "/*" }],
  excludedPaths: [{ path: '/"_etag"/?' }],
};

/** Features that change what a container does: leaving them out silently would be a lie. */
const NOT_EMULATED = [
  "uniqueKeyPolicy",
  "computedProperties",
  "vectorEmbeddingPolicy",
  "fullTextPolicy",
  "clientEncryptionPolicy",
  "changeFeedPolicy",
];

export function checkName(id: Json | undefined): string {
  if (
    typeof id !== "string" ||
    id.length === 0 ||
    id.length > MAX_NAME_LENGTH ||
    /[/\\#?]|\s$/.test(id)
  )
    return fail(
      errors.badRequest,
      "A name has 1 to 255 characters, none of / \\ # ?, and no space at its end.",
    );
  return id;
}

/** Reads and completes a definition sent by a client. */
export function containerDefinition(body: JsonObject): ContainerDefinition {
  for (const feature of NOT_EMULATED)
    if (hasContent(body[feature]))
      fail(
        errors.notEmulated,
        `The local Cosmos DB does not have '${feature}'.`,
      );
  const { partitionKey, indexingPolicy, defaultTtl } = body;
  if (defaultTtl !== undefined && defaultTtl !== null) checkTtl(defaultTtl);
  return {
    id: checkName(body["id"]),
    partitionKey: checkPartitionKey(partitionKey),
    indexingPolicy: {
      ...DEFAULT_INDEXING,
      ...(isObject(indexingPolicy) ? indexingPolicy : {}),
    },
    ...(typeof defaultTtl === "number" ? { defaultTtl } : {}),
  };
}

function hasContent(value: Json | undefined): boolean {
  if (value === undefined || value === null) return false;
  if (isArray(value)) return value.length > 0;
  return isObject(value) ? Object.values(value).some(hasContent) : true;
}

function checkPartitionKey(
  value: Json | undefined,
): ContainerDefinition["partitionKey"] {
  const paths = isObject(value) ? value["paths"] : undefined;
  if (
    !isArray(paths) ||
    paths.length === 0 ||
    paths.length > MAX_PARTITION_KEY_PATHS ||
    !paths.every((path) => typeof path === "string" && path.startsWith("/"))
  )
    return fail(
      errors.badRequest,
      "The partition key has one to three paths, each beginning with /.",
    );
  return value as unknown as ContainerDefinition["partitionKey"];
}

export function checkTtl(ttl: Json): number {
  if (
    typeof ttl !== "number" ||
    !Number.isInteger(ttl) ||
    ttl === 0 ||
    ttl < -1 ||
    ttl > MAX_TTL_SECONDS
  )
    return fail(
      errors.badRequest,
      `The input ttl '${JSON.stringify(ttl)}' is invalid. Ensure to provide a nonzero positive integer less than or equal to '2147483647', or -1.`,
    );
  return ttl;
}
