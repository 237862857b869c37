import { Refusal } from "../../shared/answer.ts";

/** An error as the service answers it. `substatus` tells errors of one status apart. */
export interface CosmosErrorKind {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly substatus?: number;
}

const kinds = {
  badRequest: {
    status: 400,
    code: "BadRequest",
    message: "One of the input values is invalid.",
  },
  partitionKeyMismatch: {
    status: 400,
    code: "BadRequest",
    substatus: 1001,
    message:
      "Partition key provided either doesn't correspond to definition in the collection or doesn't match partition key field values specified in the document.",
  },
  partitionKeyMissing: {
    status: 400,
    code: "BadRequest",
    message: "PartitionKey value must be supplied for this operation.",
  },
  crossPartition: {
    status: 400,
    code: "BadRequest",
    message:
      "Cross partition query is required but disabled. Please set x-ms-documentdb-query-enablecrosspartition to true, specify x-ms-documentdb-partitionkey, or revise your query to avoid this exception.",
  },
  notEmulated: {
    status: 400,
    code: "BadRequest",
    message: "The local Cosmos DB does not have this feature.",
  },
  noAuthorization: {
    status: 401,
    code: "Unauthorized",
    message: "Required Header authorization is missing.",
  },
  wrongSignature: {
    status: 401,
    code: "Unauthorized",
    message:
      "The input authorization token can't serve the request. The wrong key is being used or the expected payload is not built as per the protocol.",
  },
  wrongToken: {
    status: 401,
    code: "Unauthorized",
    message:
      "The Entra token is not valid here: it has expired, or it is intended for another resource.",
  },
  controlPlane: {
    status: 403,
    code: "Forbidden",
    substatus: 5300,
    message:
      "The given request cannot be authorized by AAD token in data plane. Learn more: https://aka.ms/cosmos-native-rbac.",
  },
  // learn.microsoft.com/rest/api/cosmos-db/http-status-codes-for-cosmosdb: 20 GB of one partition key.
  partitionFull: {
    status: 403,
    code: "Forbidden",
    substatus: 1014,
    message: "Partition key reached maximum size of 20 GB.",
  },
  notFound: {
    status: 404,
    code: "NotFound",
    message:
      "Entity with the specified id does not exist in the system. Learn more: https://aka.ms/cosmosdb-tsg-not-found",
  },
  containerNotFound: {
    status: 404,
    code: "NotFound",
    substatus: 1003,
    message:
      "Owner resource does not exist. Learn more: https://aka.ms/cosmosdb-tsg-not-found",
  },
  sessionNotAvailable: {
    status: 404,
    code: "NotFound",
    substatus: 1002,
    message: "The read session is not available for the input session token.",
  },
  methodNotAllowed: {
    status: 405,
    code: "MethodNotAllowed",
    message: "The requested verb is not supported.",
  },
  conflict: {
    status: 409,
    code: "Conflict",
    message: "Entity with the specified id already exists in the system.",
  },
  preconditionFailed: {
    status: 412,
    code: "PreconditionFailed",
    message:
      "Operation cannot be performed because one of the specified precondition is not met.",
  },
  tooLarge: {
    status: 413,
    code: "RequestEntityTooLarge",
    message: "Request size is too large.",
  },
  failedDependency: {
    status: 424,
    code: "FailedDependency",
    message: "Another operation of the batch failed.",
  },
  tooManyRequests: {
    status: 429,
    code: "TooManyRequests",
    substatus: 3200,
    message:
      "The request rate is too large. Please retry after sometime. Learn more: http://aka.ms/cosmosdb-error-429",
  },
  internal: {
    status: 500,
    code: "InternalServerError",
    message: "Unknown server error occurred when processing this request.",
  },
  unavailable: {
    status: 503,
    code: "ServiceUnavailable",
    message: "The service is temporarily unavailable.",
  },
} as const satisfies Record<string, CosmosErrorKind>;

export const errors: Readonly<Record<keyof typeof kinds, CosmosErrorKind>> =
  kinds;

export class CosmosError extends Refusal {
  readonly kind: CosmosErrorKind;

  constructor(kind: CosmosErrorKind, message = kind.message) {
    super(message);
    this.name = "CosmosError";
    this.kind = kind;
  }
}

/** The one way to refuse a request. */
export function fail(kind: CosmosErrorKind, message?: string): never {
  throw new CosmosError(kind, message);
}

/** The error for a status that a fault plan asks for. */
export const errorOfStatus = (status: number): CosmosErrorKind =>
  Object.values(errors).find((kind) => kind.status === status) ?? {
    status,
    code: "Injected",
    message: "A fault plan asked for this answer.",
  };
