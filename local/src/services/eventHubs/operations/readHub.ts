import rhea from "rhea";
import type { Answer, Namespace, Request } from "./operation.ts";
import { requireClaim } from "./requireClaim.ts";

const STRING = 0xa1;

/** Which partitions a hub has, and when it was made. */
export function readHub(namespace: Namespace, request: Request): Answer {
  const hub = namespace.hubs.get(request.property("name"));
  requireClaim(
    namespace,
    request.peer,
    "Manage,EventHub",
    `${hub.name}/$management`,
  );
  const { types } = rhea;
  return {
    status: 200,
    description: "OK",
    body: {
      type: "com.microsoft:eventhub",
      name: hub.name,
      created_at: types.wrap_timestamp(hub.createdOn),
      partition_count: types.wrap_int(hub.partitions.length),
      partition_ids: types.wrap_array(
        hub.partitions.map(({ id }) => id),
        STRING,
        undefined,
      ),
      georeplication_factor: types.wrap_int(1),
    },
  };
}
