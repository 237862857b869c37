import type { Delivery, Receiver } from "rhea";
import { parseAddress } from "../address.ts";
import { BATCH_FORMAT, publicationOf } from "../amqp/event.ts";
import { fail } from "../errors.ts";
import { MAX_PARTITION_KEY_LENGTH, MAX_PUBLICATION_BYTES } from "../limits.ts";
import { partitionOfKey } from "../partitionKey.ts";
import type { Peer } from "../peer.ts";
import type { Hub, Partition } from "../state.ts";
import type { Namespace } from "./operation.ts";
import { requireClaim } from "./requireClaim.ts";

const IDEMPOTENT = "com.microsoft:idempotent-producer";

/** What a link for sending goes to. */
export interface Target {
  readonly hub: Hub;
  readonly partition: Partition | undefined;
}

export interface Sent {
  readonly delivery: Delivery;
  readonly bytes: Buffer;
  readonly format: number;
}

/** Events come in over a link: one, or a batch that is stored as a whole or not at all. */
export const send = {
  open(namespace: Namespace, peer: Peer, link: Receiver, path: string): Target {
    const address = parseAddress(path);
    if (!address || address.group !== undefined)
      fail("entityNotFound", { entity: path });
    const hub = namespace.hubs.get(address.hub);
    requireClaim(namespace, peer, "Send", path);
    if ([link.desired_capabilities].flat().map(String).includes(IDEMPOTENT))
      fail("notSupported", { what: "idempotent producers" });
    const { partition } = address;
    return {
      hub,
      partition: partition === undefined ? undefined : hub.partition(partition),
    };
  },

  /** When it returns, the events are written and may be acknowledged. */
  publish({ context }: Namespace, target: Target, sent: Sent): void {
    const { delivery, bytes, format } = sent;
    if (bytes.length > MAX_PUBLICATION_BYTES)
      fail("messageTooLarge", {
        delivery: delivery.id,
        size: bytes.length,
        limit: MAX_PUBLICATION_BYTES,
      });
    if (format !== 0 && format !== BATCH_FORMAT)
      fail("notSupported", { what: `the message format ${format}` });
    const { partitionKey, events } = publicationOf(bytes, format);
    const partition =
      target.partition ?? partitionFor(target.hub, partitionKey);
    partition.log.append(events, context.clock.now());
    for (const receiver of partition.receivers) receiver.wake();
  },
};

function partitionFor(hub: Hub, key: string | undefined): Partition {
  if (key === undefined) return hub.nextPartition();
  if (key.length > MAX_PARTITION_KEY_LENGTH)
    fail("partitionKeyTooLong", { limit: MAX_PARTITION_KEY_LENGTH });
  return hub.partition(String(partitionOfKey(key, hub.partitions.length)));
}
