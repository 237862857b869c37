/**
 * The vendor's limits that this server enforces, each with its source. Not enforced: account throughput and
 * capacity, and durability beyond the process: what is acknowledged was handed to the operating system, so it
 * survives kill -9; it is not fsynced, so it may not survive a power cut.
 */
const KIB = 1024;
const MIB = 1024 * KIB;

/** Source: learn.microsoft.com/rest/api/storageservices/put-blob, "Remarks" (service version 2019-12-12 and later). */
export const MAX_PUT_BLOB_BYTES = 5000 * MIB;
/** Source: learn.microsoft.com/rest/api/storageservices/put-block, "Remarks" (service version 2019-12-12 and later). */
export const MAX_PUT_BLOCK_BYTES = 4000 * MIB;
/** Source: learn.microsoft.com/rest/api/storageservices/put-block-list, "Remarks". */
export const MAX_BLOCKS = 50_000;
/** Before base64. Source: learn.microsoft.com/rest/api/storageservices/put-block, "URI parameters". */
export const MAX_BLOCK_ID_BYTES = 64;
/** Source: FILE_UPLOAD_MAX_CHUNK_SIZE of @azure/storage-file-datalake 12.31 (utils/constants). */
export const MAX_APPEND_BYTES = 4000 * MIB;
/** Names and values together. Source: learn.microsoft.com/rest/api/storageservices/setting-and-retrieving-properties-and-metadata-for-blob-resources. */
export const MAX_METADATA_BYTES = 8 * KIB;
/** Characters. Source: learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata, "Blob names". */
export const MAX_BLOB_NAME_LENGTH = 1024;
/** With a hierarchical namespace, counting account and container. Source: the same page, "Blob names". */
export const MAX_PATH_SEGMENTS = 63;
/** Source: learn.microsoft.com/rest/api/storageservices/list-blobs and …/datalakestoragegen2/path/list, "URI parameters". */
export const MAX_LIST_RESULTS = 5000;
/** Source: learn.microsoft.com/rest/api/storageservices/get-blob, `x-ms-range-get-content-md5`. */
export const MAX_RANGE_MD5_BYTES = 4 * MIB;
/** Uncommitted blocks and appended bytes are dropped after a week. Source: learn.microsoft.com/rest/api/storageservices/put-block, "Remarks". */
export const UNCOMMITTED_LIFETIME_MS = 7 * 86_400_000;
/** Source: learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key, "Specifying the Date header". */
export const MAX_CLOCK_SKEW_MS = 15 * 60_000;

/** As UTF-8 text. Source: learn.microsoft.com/rest/api/storageservices/put-message, "Remarks". */
export const MAX_MESSAGE_BYTES = 64 * KIB;
/** Source: learn.microsoft.com/rest/api/storageservices/put-message, "URI parameters". */
export const DEFAULT_MESSAGE_TTL_SECONDS = 7 * 86_400;
/** Source: learn.microsoft.com/rest/api/storageservices/get-messages, "URI parameters". */
export const MAX_VISIBILITY_SECONDS = 7 * 86_400;
export const DEFAULT_VISIBILITY_SECONDS = 30;
export const MAX_MESSAGES_PER_CALL = 32;

/** How long Event Grid waits for a webhook. Source: learn.microsoft.com/azure/event-grid/delivery-and-retry, "Retry schedule". */
export const WEBHOOK_TIMEOUT_MS = 30_000;
/** Ours: Event Grid waits 10 s, 30 s, 1 min, … up to 12 h and gives up after 24 h; nobody on a laptop waits that long. */
export const RETRY_FIRST_MS = 250;
export const RETRY_LONGEST_MS = 15_000;
