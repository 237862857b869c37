import { z } from "zod";

/** An error, as RFC 9457 has it; code, whatToDo and correlationId are additions of ours, which it allows. */
export const problemView = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string().describe("docs/errors.md lists them."),
  detail: z.string(),
  whatToDo: z.string(),
  correlationId: z.string().describe("The invocation; the log has it, too."),
});

export type Problem = z.infer<typeof problemView>;
