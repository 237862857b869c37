/** What Databricks answers when it refuses. https://docs.databricks.com/api/azure/workspace/introduction */
import { AssayError } from "../../errors.ts";

const MAX_MESSAGE = 500;

export class DatabricksRefusal extends AssayError {
  /** Undefined where no answer came. */
  readonly answer:
    { readonly status: number; readonly text: string } | undefined;

  constructor(
    request: string,
    text: string,
    { status, cause }: { status?: number; cause?: unknown },
  ) {
    const told = status === undefined ? text : `${status} ${text}`;
    super("DATABRICKS_REFUSED", `${request}: ${told.slice(0, MAX_MESSAGE)}`, {
      cause,
    });
    this.answer = status === undefined ? undefined : { status, text };
  }
}

const refusedWith = (
  error: unknown,
  status: number,
  code: string,
  message: RegExp,
): boolean =>
  error instanceof DatabricksRefusal &&
  error.answer?.status === status &&
  error.answer.text.includes(code) &&
  message.test(error.answer.text);

/** A run that is asked for was deleted. A 404 of an address that is wrong is no such answer. */
export const isRunGone = (error: unknown): boolean =>
  refusedWith(error, 400, "INVALID_PARAMETER_VALUE", /does not exist/i) ||
  refusedWith(error, 404, "RESOURCE_DOES_NOT_EXIST", /./);

/** 403. The service says it also of what was deleted, to those who cannot see it. */
export const isForbidden = (error: unknown): boolean =>
  refusedWith(error, 403, "PERMISSION_DENIED", /./);

/** The job was deleted, its bundle was deployed anew, or the app has lost its right to it. */
export const isJobGone = (error: unknown): boolean =>
  refusedWith(error, 400, "INVALID_PARAMETER_VALUE", /job.* does not exist/i) ||
  refusedWith(error, 404, "RESOURCE_DOES_NOT_EXIST", /./) ||
  isForbidden(error);

/** The run that an idempotency token stands for was deleted. The token can start no other. */
export const isTokenSpent = (error: unknown): boolean =>
  refusedWith(error, 400, "INVALID_PARAMETER_VALUE", /deleted/i);
