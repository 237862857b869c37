import {
  app,
  type HttpFunctionOptions,
  type HttpRequest,
  type HttpResponse,
  type HttpResponseInit,
  InvocationContext,
} from "@azure/functions";

type Answer = HttpResponse | HttpResponseInit;

/** The handler that a file of functions registers for GET. It is given a path's parameters and a query. */
export function getHandlerOf(
  register: () => void,
): (
  params?: Record<string, string>,
  query?: Record<string, string>,
) => Promise<Answer> {
  const { get } = app;
  let options: Partial<HttpFunctionOptions> = {};
  Object.assign(app, {
    get: (_name: string, given: HttpFunctionOptions) => (options = given),
  });
  try {
    register();
  } finally {
    Object.assign(app, { get });
  }
  return async (params = {}, query = {}) => {
    const request = {
      params,
      query: new URLSearchParams(query),
      headers: new Headers(),
    };
    const answer = await options.handler?.(
      request as unknown as HttpRequest,
      new InvocationContext(),
    );
    return answer as Answer;
  };
}
