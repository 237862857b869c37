import type { Match, Operation } from "../lake.ts";

const path = (
  name: string,
  method: Match["method"],
  query: Match["query"],
): Operation => ({
  name,
  match: { method, level: "path", ...(query && { query }) },
});

const at = (
  name: string,
  level: Match["level"],
  method: Match["method"],
  query: Match["query"],
): Operation => ({
  name,
  match: { method, level, ...(query && { query }) },
});

const header = (
  name: string,
  method: Match["method"],
  headers: Match["header"],
): Operation => ({
  name,
  match: { method, level: "path", ...(headers && { header: headers }) },
});

/** Known operations of the Blob and DFS protocols that this server does not do. They are looked for first. */
export const refusedLakeOperations: readonly Operation[] = [
  header("Copy Blob", "PUT", { "x-ms-copy-source": true }),
  path("Abort Copy Blob", "PUT", { comp: "copy" }),
  header("Put Blob (append blob)", "PUT", { "x-ms-blob-type": "AppendBlob" }),
  header("Put Blob (page blob)", "PUT", { "x-ms-blob-type": "PageBlob" }),
  path("Append Block", "PUT", { comp: "appendblock" }),
  path("Put Page", "PUT", { comp: "page" }),
  path("Get Page Ranges", "GET", { comp: "pagelist" }),
  path("Lease Blob", "PUT", { comp: "lease" }),
  path("Snapshot Blob", "PUT", { comp: "snapshot" }),
  path("Undelete Blob", "PUT", { comp: "undelete" }),
  path("Set Blob Tier", "PUT", { comp: "tier" }),
  path("Set Blob Tags", "PUT", { comp: "tags" }),
  path("Get Blob Tags", "GET", { comp: "tags" }),
  path("Set Blob Expiry", "PUT", { comp: "expiry" }),
  path("Set Immutability Policy", "PUT", { comp: "immutabilityPolicies" }),
  path("Set Legal Hold", "PUT", { comp: "legalhold" }),
  path("Query Blob Contents", "POST", { comp: "query" }),
  path("Path - Lease", "POST", undefined),
  path("Path - Update (setAccessControl)", "PATCH", {
    action: "setAccessControl",
  }),
  path("Path - Update (setAccessControlRecursive)", "PATCH", {
    action: "setAccessControlRecursive",
  }),
  path("Path - Get Access Control", "HEAD", { action: "getAccessControl" }),
  at("Lease Container", "container", "PUT", { comp: "lease" }),
  at("Set Container Metadata", "container", "PUT", { comp: "metadata" }),
  at("Set Container ACL", "container", "PUT", { comp: "acl" }),
  at("Get Container ACL", "container", "GET", { comp: "acl" }),
  at("Restore Container", "container", "PUT", { comp: "undelete" }),
  at("Find Blobs by Tags", "account", "GET", { comp: "blobs" }),
  at("Blob Batch", "account", "POST", { comp: "batch" }),
  at("Blob Batch", "container", "POST", { comp: "batch" }),
  ...(["account", "container", "path"] as const).flatMap((level) =>
    (["GET", "HEAD"] as const).map((method) =>
      at("Get Account Information", level, method, {
        restype: "account",
        comp: "properties",
      }),
    ),
  ),
  at("Get Blob Service Properties", "account", "GET", { comp: "properties" }),
  at("Set Blob Service Properties", "account", "PUT", { comp: "properties" }),
  at("Get Blob Service Stats", "account", "GET", { comp: "stats" }),
  at("Get User Delegation Key", "account", "POST", {
    comp: "userdelegationkey",
  }),
  at("Filesystem - List", "account", "GET", { resource: "account" }),
  at("Filesystem - Set Properties", "container", "PATCH", {
    resource: "filesystem",
  }),
];

/** The same for queues. */
export const refusedQueueOperations: readonly Operation[] = [
  at("Get Queue ACL", "container", "GET", { comp: "acl" }),
  at("Set Queue ACL", "container", "PUT", { comp: "acl" }),
  at("Get Queue Service Properties", "account", "GET", { comp: "properties" }),
  at("Set Queue Service Properties", "account", "PUT", { comp: "properties" }),
  at("Get Queue Service Stats", "account", "GET", { comp: "stats" }),
];
