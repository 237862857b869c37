import { errors, fail } from "./errors.ts";
import { isAtomic } from "./operations/batch.ts";
import { notEmulated, type OperationName } from "./operations/index.ts";
import { header, isOn, type Request } from "./request.ts";

type ByMethod = Readonly<Record<string, OperationName>>;

/** Operations by the names in the path, `dbs/…/colls/…/docs` being `dbs/colls/docs/`. */
const ITEM_ROUTES: Readonly<Record<string, ByMethod>> = {
  "": { GET: "readAccount" },
  "dbs/": { GET: "listDatabases", POST: "createDatabase" },
  dbs: { GET: "readDatabase", DELETE: "deleteDatabase" },
  "dbs/colls/": { GET: "listContainers", POST: "createContainer" },
  "dbs/colls": {
    GET: "readContainer",
    PUT: "replaceContainer",
    DELETE: "deleteContainer",
  },
  "dbs/colls/pkranges/": { GET: "listPartitionKeyRanges" },
  "dbs/colls/docs/": { GET: "readItems", POST: "createItem" },
  "dbs/colls/docs": {
    GET: "readItem",
    PUT: "replaceItem",
    DELETE: "deleteItem",
    PATCH: "patchItem",
  },
  "offers/": { GET: "listOffers", POST: "listOffers" },
};

const QUERIES: Readonly<Record<string, OperationName>> = {
  "dbs/": "queryDatabases",
  "dbs/colls/": "queryContainers",
  "dbs/colls/docs/": "queryItems",
  "offers/": "listOffers",
};

type Route =
  { readonly operation: OperationName } | { readonly missing: string };

/** Which operation a request asks for; some of them only headers tell apart. */
export function routeOf(request: Request): Route {
  const { method, segments } = request;
  const names = segments.filter((_, i) => i % 2 === 0);
  const missing = names.find((name) => Object.hasOwn(notEmulated, name));
  if (missing !== undefined)
    return { missing: notEmulated[missing] ?? missing };
  const shape = names.join("/") + (segments.length % 2 === 1 ? "/" : "");
  const routes = Object.hasOwn(ITEM_ROUTES, shape)
    ? ITEM_ROUTES[shape]
    : undefined;
  if (!routes) return fail(errors.notFound);
  const byHeaders = method === "POST" ? special(request, shape) : undefined;
  if (byHeaders) return { operation: byHeaders };
  if (
    shape === "dbs/colls/docs/" &&
    method === "GET" &&
    header(request, "a-im")
  )
    return { operation: "readChanges" };
  const operation = Object.hasOwn(routes, method) ? routes[method] : undefined;
  return operation ? { operation } : fail(errors.methodNotAllowed);
}

function special(request: Request, shape: string): OperationName | undefined {
  if (isOn(request, "x-ms-cosmos-is-query-plan-request")) return "planQuery";
  const isQuery =
    isOn(request, "x-ms-documentdb-isquery") ||
    header(request, "content-type")?.toLowerCase().includes("query+json") ===
      true;
  if (isQuery) return QUERIES[shape];
  if (shape !== "dbs/colls/docs/") return undefined;
  if (isOn(request, "x-ms-cosmos-is-batch-request"))
    return isAtomic(request) ? "executeBatch" : "executeBulk";
  return isOn(request, "x-ms-documentdb-is-upsert") ? "upsertItem" : undefined;
}
