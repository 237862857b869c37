import * as z from "zod/mini";
import { lazily, type ViewOf } from "../../serve/views/shared.ts";

/** An error, as RFC 9457 has it; code, whatToDo and correlationId are additions of ours, which it allows. */
export const problemView = lazily(() =>
  z.strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().check(z.describe("docs/errors.md lists them.")),
    detail: z.string(),
    whatToDo: z.string(),
    correlationId: z
      .string()
      .check(z.describe("The invocation; the log has it, too.")),
  }),
);

export type Problem = ViewOf<typeof problemView>;
