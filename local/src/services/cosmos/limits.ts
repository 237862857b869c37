/**
 * The limits of the real service that hold here too, each with its source.
 *
 * Durability is another matter: here a write is acknowledged once write(2) has returned, so killing the
 * process loses nothing, but a power cut may lose the last seconds, since there is no fsync.
 */

const KIB = 1024;

/** learn.microsoft.com/azure/cosmos-db/concepts-limits, "Per-item limits": 2 MB, the UTF-8 length of the JSON. */
export const MAX_DOCUMENT_BYTES = 2 * KIB * KIB;

/** Same table: "Maximum length of ID value: 1,023 bytes". */
export const MAX_ID_BYTES = 1023;

/** Same table: "Maximum length of partition key value: 2048 bytes" (101 where large keys are off). */
export const MAX_PARTITION_KEY_BYTES = 2048;

/** Same table: "Maximum TTL value: 2147483647". */
export const MAX_TTL_SECONDS = 2_147_483_647;

/** learn.microsoft.com/azure/cosmos-db/nosql/transactional-batch: at most 100 operations and 2 MB. */
export const MAX_BATCH_OPERATIONS = 100;
export const MAX_BATCH_BYTES = 2 * KIB * KIB;

/** learn.microsoft.com/azure/cosmos-db/partial-document-update-faq: 10 operations in one patch. */
export const MAX_PATCH_OPERATIONS = 10;

/** concepts-limits, "Per-request limits": "Maximum response size (for example, paginated query): 4 MB". */
export const MAX_PAGE_BYTES = 4 * KIB * KIB;

/** concepts-limits, "SQL query limits": "Maximum length of SQL query: 512 KB". */
export const MAX_QUERY_BYTES = 512 * KIB;

/** A query without x-ms-max-item-count gives 100 items a page (REST reference, "Query Documents"). */
export const DEFAULT_PAGE_ITEMS = 100;

/** What -1, "as many as the service likes", means here. The real service decides by size and time. */
export const LARGEST_PAGE_ITEMS = 1000;

/** concepts-limits: names of databases and containers have at most 255 characters. */
export const MAX_NAME_LENGTH = 255;

/** learn.microsoft.com/azure/cosmos-db/hierarchical-partition-keys: up to three levels. */
export const MAX_PARTITION_KEY_PATHS = 3;

/** Ours: a larger body is refused, and not kept in memory. */
export const MAX_REQUEST_BYTES = 8 * KIB * KIB;
