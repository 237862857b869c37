import type { Sender } from "rhea";
import { parseAddress } from "../address.ts";
import { fail } from "../errors.ts";
import type { Peer } from "../peer.ts";
import { EventReceiver } from "../receiver.ts";
import { startOf } from "../selector.ts";
import type { Namespace } from "./operation.ts";
import { requireClaim } from "./requireClaim.ts";

const SELECTOR = "apache.org:selector-filter:string";
const EPOCH = "com.microsoft:epoch";
const RECEIVER_NAME = "com.microsoft:receiver-name";
const RUNTIME_METRICS = "com.microsoft:enable-receiver-runtime-metric";

/** Events go out over a link, from the place its filter names, for as long as it has credit. */
export const receive = {
  open(namespace: Namespace, peer: Peer, link: Sender, path: string): void {
    const address = parseAddress(path);
    if (address?.partition === undefined)
      fail("entityNotFound", { entity: path });
    namespace.hubs.get(address.hub);
    requireClaim(namespace, peer, "Listen", path);
    const { partition, group } = namespace.hubs.source(address);
    const properties = // An attach without properties has null here.
      ((link.properties as unknown) ?? {}) as Record<string, unknown>;
    const epoch = properties[EPOCH];
    const receiver = new EventReceiver(
      link,
      {
        partition,
        group,
        epoch:
          epoch === undefined || epoch === null ? undefined : Number(epoch),
        name: textOr(properties[RECEIVER_NAME], "nil"),
        wantsMetrics: [link.desired_capabilities]
          .flat()
          .map(String)
          .includes(RUNTIME_METRICS),
        start: startOf(partition.log, selectorOf(link)),
        delivered: () => namespace.context.witness?.("receive", peer.agent),
      },
      namespace.context.clock,
    );
    receiver.join();
    peer.openReceiver(link, path, receiver);
  },
};

function selectorOf(link: Sender): string | undefined {
  const filters = (link.source.filter ?? {}) as Record<string, unknown>;
  for (const name of Object.keys(filters))
    if (name !== SELECTOR) fail("notSupported", { what: `the filter ${name}` });
  const filter = filters[SELECTOR];
  if (filter === undefined || filter === null) return undefined;
  // A described string: the value is inside.
  const { value = filter } = filter as { value?: unknown };
  return textOr(value, "");
}

const textOr = (value: unknown, other: string): string =>
  typeof value === "string" || value instanceof Buffer
    ? value.toString()
    : other;
