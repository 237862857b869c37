import type {
  HttpHandler,
  HttpRequest,
  HttpResponse,
  HttpResponseInit,
  InvocationContext,
} from "@azure/functions";
import { AssayError } from "../errors.ts";

/** Answers an error that is the caller's with its code and what to do; any other is the host's 500. */
export const answered =
  (
    handle: (
      request: HttpRequest,
      context: InvocationContext,
    ) => Promise<HttpResponse | HttpResponseInit>,
  ): HttpHandler =>
  async (request, context) => {
    try {
      return await handle(request, context);
    } catch (error) {
      if (!(error instanceof AssayError) || error.fault !== "input")
        throw error;
      const { code, message, whatToDo, status } = error;
      return { status, jsonBody: { error: { code, message, whatToDo } } };
    }
  };
