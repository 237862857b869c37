/** What the storage service answers, by its error code. https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */

interface ServiceAnswer {
  readonly statusCode?: number;
  readonly code?: string;
}

const answerOf = (error: unknown): ServiceAnswer =>
  typeof error === "object" && error !== null ? error : {};

export const isMissing = (error: unknown): boolean =>
  answerOf(error).statusCode === 404;

/** The destination of a rename lies in a folder that is not there. */
export const isParentMissing = (error: unknown): boolean =>
  answerOf(error).code === "RenameDestinationParentPathNotFound";

/** A condition of the request was not met: the path exists, or its ETag is another. */
export function isConditionNotMet(error: unknown): boolean {
  const { statusCode, code } = answerOf(error);
  if (statusCode === 412) return true;
  return (
    statusCode === 409 &&
    (code === "BlobAlreadyExists" || code === "PathAlreadyExists")
  );
}

/** The value, or undefined where nothing lies there. */
export async function orMissing<T>(value: Promise<T>): Promise<T | undefined> {
  try {
    return await value;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether it was done; false where a condition was not met. */
export async function orNotMet(done: Promise<unknown>): Promise<boolean> {
  try {
    await done;
    return true;
  } catch (error) {
    if (isConditionNotMet(error)) return false;
    throw error;
  }
}
