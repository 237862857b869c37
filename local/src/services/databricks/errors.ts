import { Refusal } from "../../shared/answer.ts";

interface ErrorShape {
  readonly status: number;
  readonly code: string;
  readonly message: (...details: readonly (string | number)[]) => string;
}

/** Every error of the workspace. The bodies are `{error_code, message}`. */
export const errors = {
  noCredential: {
    status: 401,
    code: "UNAUTHENTICATED",
    message: () =>
      "Credential was not sent or was of an unsupported type for this API.",
  },
  invalidToken: {
    status: 403,
    code: "PERMISSION_DENIED",
    message: () => "Invalid access token.",
  },
  noSuchApi: {
    status: 404,
    code: "ENDPOINT_NOT_FOUND",
    message: (call) => `No API found for '${String(call)}'`,
  },
  notHere: {
    status: 501,
    code: "NOT_IMPLEMENTED",
    message: (why) => String(why),
  },
  malformed: {
    status: 400,
    code: "MALFORMED_REQUEST",
    message: (why) => `Could not parse request object: ${String(why)}`,
  },
  invalid: {
    status: 400,
    code: "INVALID_PARAMETER_VALUE",
    message: (why) => String(why),
  },
  notInVersion: {
    status: 400,
    code: "INVALID_PARAMETER_VALUE",
    message: (field, operation, version) =>
      `The field ${String(field)} of ${String(operation)} is not in version ${String(version)} of the API: call a later version.`,
  },
  // The service says 400 of jobs and of runs. Its SDKs turn that into "does not exist" where one job or run is read, and nowhere else (databricks-sdk-py #591, #612).
  noSuchJob: {
    status: 400,
    code: "INVALID_PARAMETER_VALUE",
    message: (job) => `Job ${String(job)} does not exist.`,
  },
  noSuchRun: {
    status: 400,
    code: "INVALID_PARAMETER_VALUE",
    message: (run) => `Run ${String(run)} does not exist.`,
  },
  deletedToken: {
    status: 400,
    code: "INVALID_PARAMETER_VALUE",
    message: (run) =>
      `The run ${String(run)} of this idempotency token has been deleted.`,
  },
  severalTasks: {
    status: 400,
    code: "INVALID_PARAMETER_VALUE",
    message: () =>
      "Retrieving the output of runs with multiple tasks is not supported. Please retrieve the output of each individual task run instead.",
  },
  runIsActive: {
    status: 400,
    code: "INVALID_STATE",
    message: (run) =>
      `Run ${String(run)} is in progress: wait until it has ended, or cancel it.`,
  },
  repairIdNeeded: {
    status: 400,
    code: "INVALID_PARAMETER_VALUE",
    message: () =>
      "The latest repair ID needs to be provided in order to create a new repair",
  },
  tooManyCalls: {
    status: 429,
    code: "REQUEST_LIMIT_EXCEEDED",
    message: (call, perSecond) =>
      `Rate limit exceeded for ${String(call)}: ${String(perSecond)} requests per second in this workspace. Retry the request later.`,
  },
  tooManyTasks: {
    status: 429,
    code: "RESOURCE_EXHAUSTED",
    message: (limit) =>
      `The workspace runs ${String(limit)} tasks already: the limit of tasks at once is reached.`,
  },
  noSuchStatement: {
    status: 404,
    code: "RESOURCE_DOES_NOT_EXIST",
    message: (id) => `The statement ${String(id)} was not found.`,
  },
  noSuchWarehouse: {
    status: 404,
    code: "RESOURCE_DOES_NOT_EXIST",
    message: (id, known) =>
      `SQL warehouse ${String(id)} does not exist. The local workspace has one: ${String(known)}.`,
  },
  broken: {
    status: 500,
    code: "INTERNAL_ERROR",
    message: (why) => String(why),
  },
} satisfies Record<string, ErrorShape>;

/** An error that the caller is told. */
export class ApiFailure extends Refusal {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "ApiFailure";
    this.status = status;
    this.code = code;
  }
}

export function fail(
  shape: ErrorShape,
  ...details: readonly (string | number)[]
): never {
  throw new ApiFailure(shape.status, shape.code, shape.message(...details));
}
