import type {
  HttpHandler,
  HttpRequest,
  HttpResponse,
  HttpResponseInit,
} from "@azure/functions";
import { AssayError, errorTable } from "../../errors.ts";
import { requestFailed } from "../../telemetry/events.ts";
import { logOf } from "../../telemetry/log.ts";
import { JsonResponse } from "./jsonResponse.ts";
import type { Problem } from "./problem.ts";

/**
 * Answers every error as a problem of RFC 9457. The caller's own is told whole; of any other the caller gets the code
 * and what to do, and the log the cause, for it may name addresses.
 */
export const withErrorResponse =
  (
    handle: (request: HttpRequest) => Promise<HttpResponse | HttpResponseInit>,
  ): HttpHandler =>
  async (request, invocation) => {
    try {
      return await handle(request);
    } catch (error) {
      const correlationId = invocation.invocationId;
      const problem = problemOf(error, correlationId);
      if (problem.status >= 500)
        requestFailed(logOf(invocation), {
          route: invocation.functionName,
          code: problem.code,
          correlationId,
          message: String(error),
        });
      return new JsonResponse({
        body: problem,
        status: problem.status,
        contentType: "application/problem+json",
      });
    }
  };

function problemOf(error: unknown, correlationId: string): Problem {
  const { code, status, whatToDo } =
    error instanceof AssayError
      ? error
      : { code: "INTERNAL" as const, ...errorTable.INTERNAL };
  const isCallers = error instanceof AssayError && error.fault === "input";
  return {
    type: `urn:assay:error:${code}`,
    title: titleOf(code),
    status,
    code,
    detail: isCallers
      ? error.detail
      : "The request could not be answered. The log has the cause, by the correlation id.",
    whatToDo,
    correlationId,
  };
}

/** `KEY_NOT_FOUND` → `Key not found`. */
const titleOf = (code: string): string =>
  code.charAt(0) + code.slice(1).toLowerCase().replaceAll("_", " ");
