import { Refusal } from "../../shared/answer.ts";

/** The answers of the endpoint that are not a token: `{"statusCode", "message"}`, as App Service gives them. */
const errors = {
  notFound: {
    status: 404,
    message:
      "Only GET /msi/token is served: the managed identity endpoint of App Service.",
  },
  missingHeader: {
    status: 401,
    message:
      "The header X-IDENTITY-HEADER is missing or does not hold the value of IDENTITY_HEADER.",
  },
  wrongVersion: {
    status: 400,
    message: "The query parameter api-version must be 2019-08-01.",
  },
  missingResource: {
    status: 400,
    message: "The query parameter resource is missing.",
  },
  userAssigned: {
    status: 400,
    message:
      "No user-assigned identity is found: this platform has one system-assigned identity. Leave out client_id, object_id, principal_id and mi_res_id.",
  },
} as const;

export class IdentityError extends Refusal {
  readonly status: number;

  constructor(name: keyof typeof errors) {
    super(errors[name].message);
    this.name = "IdentityError";
    this.status = errors[name].status;
  }
}

export function fail(name: keyof typeof errors): never {
  throw new IdentityError(name);
}
