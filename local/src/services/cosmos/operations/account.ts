import { header, type Operation } from "../request.ts";

/** One region, one write location: the address that the client used. */
export const readAccount: Operation = (request) => {
  const endpoint = `https://${header(request, "host") ?? ""}/`;
  const locations = [{ name: "Local", databaseAccountEndpoint: endpoint }];
  return {
    status: 200,
    body: JSON.stringify({
      // "localhost" would make the SDK ignore the locations.
      id: "assay",
      _self: "",
      _rid: "assay",
      media: "//media/",
      addresses: "//addresses/",
      _dbs: "//dbs/",
      writableLocations: locations,
      readableLocations: locations,
      enableMultipleWriteLocations: false,
      userConsistencyPolicy: { defaultConsistencyLevel: "Session" },
      userReplicationPolicy: {
        asyncReplication: false,
        minReplicaSetSize: 1,
        maxReplicasetSize: 1,
      },
    }),
  };
};
