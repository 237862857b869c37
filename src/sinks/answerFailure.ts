import { AssayError } from "../errors.ts";
import type { Failure } from "./kind.ts";

/**
 * Runs an effect of a delivery. What fails is an answer and no error: the orchestration decides whether it is tried
 * again, and the sink's block says why it was not delivered.
 */
export async function answerFailure<Result>(
  effect: () => Promise<Result>,
): Promise<Result | { readonly kind: "failed"; readonly failure: Failure }> {
  try {
    return await effect();
  } catch (error) {
    return { kind: "failed", failure: failureOf(error) };
  }
}

/** Only our own messages are shown: one of a library may hold keys of rows. */
function failureOf(error: unknown): Failure {
  if (error instanceof AssayError) {
    const { code, detail, fault } = error;
    return { code, message: detail, fault };
  }
  return {
    code: "SINK_UNREACHABLE",
    message: `The sink's service did not answer: ${nameOf(error)}.`,
    fault: "theirs",
  };
}

/** Node puts the reason of a failed fetch into its cause. */
function nameOf(error: unknown): string {
  const { cause, code, name } = error as {
    cause?: { code?: unknown };
    code?: unknown;
    name?: unknown;
  };
  return String(cause?.code ?? code ?? name);
}
