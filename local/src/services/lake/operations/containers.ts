import { fail } from "../errors.ts";
import { xmlReply } from "../exchange.ts";
import { versionHeaders, type Operation } from "../lake.ts";
import { MAX_LIST_RESULTS } from "../limits.ts";
import { element, elements, escapeXml } from "../xml.ts";

const container = { restype: "container" };
const filesystem = { resource: "filesystem" };

const create: Operation["run"] = ({ containers }, exchange) => {
  if (
    Object.keys(exchange.request.headers).some((name) =>
      name.startsWith("x-ms-meta-"),
    )
  )
    fail("notSupported", "Metadata of a container.");
  if (exchange.header("x-ms-blob-public-access") !== undefined)
    fail("notSupported", "Public access to a container.");
  const made = containers.create(exchange.address.container);
  return { status: 201, headers: versionHeaders(made) };
};

const remove: Operation["run"] = ({ store }, exchange) => {
  store.removeContainer(exchange.address.container);
  return { status: 202 };
};

const properties: Operation["run"] = ({ containers }, exchange) => ({
  status: 200,
  headers: {
    ...versionHeaders(containers.need(exchange.address.container)),
    "x-ms-lease-status": "unlocked",
    "x-ms-lease-state": "available",
    "x-ms-has-immutability-policy": "false",
    "x-ms-has-legal-hold": "false",
    "x-ms-default-encryption-scope": "$account-encryption-key",
    "x-ms-deny-encryption-scope-override": "false",
    "x-ms-namespace-enabled": "true",
  },
});

export const containerOperations: readonly Operation[] = [
  {
    name: "List Containers",
    match: { method: "GET", level: "account", query: { comp: "list" } },
    run({ containers, url }, exchange) {
      const prefix = exchange.query("prefix") ?? "";
      const marker = exchange.query("marker") ?? "";
      const most =
        exchange.number("maxresults", 1, Infinity) ?? MAX_LIST_RESULTS;
      const found = containers
        .list()
        .filter(({ name }) => name.startsWith(prefix) && name > marker);
      const shown = found.slice(0, Math.min(most, MAX_LIST_RESULTS));
      const next = shown.length < found.length ? shown.at(-1)?.name : "";
      return xmlReply(
        `<EnumerationResults ServiceEndpoint="${escapeXml(url)}">${element("Prefix", prefix)}<Containers>` +
          shown
            .map(
              (one) =>
                `<Container>${element("Name", one.name)}<Properties>${elements({
                  "Last-Modified": one.modifiedAt.toUTCString(),
                  Etag: `"${one.etag}"`,
                  LeaseStatus: "unlocked",
                  LeaseState: "available",
                  HasImmutabilityPolicy: "false",
                  HasLegalHold: "false",
                })}</Properties></Container>`,
            )
            .join("") +
          `</Containers>${element("NextMarker", next)}</EnumerationResults>`,
      );
    },
  },
  {
    name: "Create Container",
    match: { method: "PUT", level: "container", query: container },
    run: create,
  },
  {
    name: "Delete Container",
    match: { method: "DELETE", level: "container", query: container },
    run: remove,
  },
  ...(["GET", "HEAD"] as const).map((method) => ({
    name: "Get Container Properties",
    match: { method, level: "container" as const, query: container },
    run: properties,
  })),
  {
    name: "Filesystem - Create",
    match: { method: "PUT", level: "container", query: filesystem },
    run: create,
  },
  {
    name: "Filesystem - Delete",
    match: { method: "DELETE", level: "container", query: filesystem },
    run: remove,
  },
  {
    name: "Filesystem - Get Properties",
    match: { method: "HEAD", level: "container", query: filesystem },
    run: properties,
  },
];
