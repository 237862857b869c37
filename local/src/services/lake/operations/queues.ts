import { xmlReply, type Exchange } from "../exchange.ts";
import type { Operation } from "../lake.ts";
import { MAX_LIST_RESULTS } from "../limits.ts";
import { checkContainerName } from "../names.ts";
import { metadataOf } from "../properties.ts";
import { element, elements, escapeXml } from "../xml.ts";

const metadata = { comp: "metadata" };

const given = (exchange: Exchange): Record<string, string> => ({
  ...metadataOf(exchange).metadata,
});

export const queueOperations: readonly Operation[] = [
  {
    name: "List Queues",
    match: { method: "GET", level: "account", query: { comp: "list" } },
    run({ queues, url }, exchange) {
      const prefix = exchange.query("prefix") ?? "";
      const most = Math.min(
        exchange.number("maxresults", 1, Infinity) ?? MAX_LIST_RESULTS,
        MAX_LIST_RESULTS,
      );
      const marker = exchange.query("marker") ?? "";
      const found = queues.list(prefix, marker, most + 1);
      const shown = found.slice(0, most);
      const withMetadata = exchange.query("include") === "metadata";
      return xmlReply(
        `<EnumerationResults ServiceEndpoint="${escapeXml(url)}">` +
          elements({ Prefix: prefix, MaxResults: most }) +
          `<Queues>${shown
            .map(
              (queue) =>
                `<Queue>${element("Name", queue.name)}${
                  withMetadata
                    ? `<Metadata>${elements(queue.metadata)}</Metadata>`
                    : ""
                }</Queue>`,
            )
            .join("")}</Queues>` +
          element(
            "NextMarker",
            found.length > most ? (shown.at(-1)?.name ?? "") : "",
          ) +
          "</EnumerationResults>",
      );
    },
  },
  {
    name: "Set Queue Metadata",
    match: { method: "PUT", level: "container", query: metadata },
    run({ queues }, exchange) {
      queues.setMetadata(exchange.address.container, given(exchange));
      return { status: 204 };
    },
  },
  ...(["GET", "HEAD"] as const).map((method): Operation => ({
    name: "Get Queue Metadata",
    match: { method, level: "container", query: metadata },
    run({ queues }, exchange) {
      const queue = queues.need(exchange.address.container);
      const shown = Object.entries(queue.metadata).map(([name, value]) => [
        `x-ms-meta-${name}`,
        value,
      ]);
      return {
        status: 200,
        headers: {
          ...(Object.fromEntries(shown) as Record<string, string>),
          "x-ms-approximate-messages-count": queues.count(queue.name),
        },
      };
    },
  })),
  {
    name: "Create Queue",
    match: { method: "PUT", level: "container" },
    run({ queues }, exchange) {
      const { container } = exchange.address;
      checkContainerName(container);
      const outcome = queues.create(container, given(exchange));
      return { status: outcome === "created" ? 201 : 204 };
    },
  },
  {
    name: "Delete Queue",
    match: { method: "DELETE", level: "container" },
    run({ queues }, exchange) {
      queues.delete(exchange.address.container);
      return { status: 204 };
    },
  },
];
