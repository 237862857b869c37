/** The app, its settings or its host.json are at fault: one sentence that says what to change. */
export class AppFault extends Error {
  override readonly name = "AppFault";
}

export const messageOf = (error: unknown): string => toError(error).message;

/** What the worker makes of something thrown that is no Error. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  if (thrown === undefined || thrown === null)
    return new Error("Unknown error");
  return new Error(
    typeof thrown === "string" ? thrown : JSON.stringify(thrown),
  );
}

/** The mark by which the library knows an error of the platform from one of the app. */
export const systemError = <E extends Error>(error: E): E =>
  Object.assign(error, { isAzureFunctionsSystemError: true });
