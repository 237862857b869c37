import rhea from "rhea";
import type { Answer, Namespace, Request } from "./operation.ts";
import { requireClaim } from "./requireClaim.ts";

/** How far a partition has got. */
export function readPartition(namespace: Namespace, request: Request): Answer {
  const hub = namespace.hubs.get(request.property("name"));
  requireClaim(
    namespace,
    request.peer,
    "Manage,EventHub",
    `${hub.name}/$management`,
  );
  const { id, log } = hub.partition(request.property("partition"));
  const { types } = rhea;
  return {
    status: 200,
    description: "OK",
    body: {
      type: "com.microsoft:partition",
      name: hub.name,
      partition: id,
      begin_sequence_number: types.wrap_long(log.beginSequence),
      last_enqueued_sequence_number: types.wrap_long(log.nextSequence - 1),
      last_enqueued_offset: String(log.last?.offset ?? -1),
      last_enqueued_time_utc: types.wrap_timestamp(log.last?.at ?? 0),
      is_partition_empty: log.last === undefined,
    },
  };
}
