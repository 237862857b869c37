/** The parameters that several routes have. */
import * as z from "zod/mini";
import { lazily } from "./lazily.ts";

export const pipelineParameters = lazily(() =>
  z.object({ pipeline: z.string() }),
);

export const batchParameters = lazily(() =>
  z.object({
    pipeline: z.string(),
    batch: z.coerce.number().check(z.int(), z.minimum(1)),
  }),
);
