import * as z from "zod/mini";
import { countView, lazily, namedBy } from "./shared.ts";

const asOfView = lazily(() =>
  z.strictObject({
    batch: countView().check(z.describe("The batch that last changed it.")),
  }),
);

const keyView = lazily(() => z.array(z.string()));

/** Numbers that a double cannot hold stand in it with all their digits. */
const valueView = lazily(() => z.nullable(namedBy(z.unknown())));

const rowView = lazily(() =>
  z.strictObject({
    pipeline: z.string(),
    table: z.string(),
    key: keyView(),
    value: valueView(),
    asOf: asOfView(),
  }),
);

const pageView = lazily(() =>
  z.strictObject({
    pipeline: z.string(),
    table: z.string(),
    key: keyView().check(z.describe("The first parts of the rows' keys.")),
    items: z.array(
      z.strictObject({
        key: keyView(),
        value: valueView(),
        asOf: asOfView(),
      }),
    ),
    continuation: z.exactOptional(
      z.string().check(z.describe("Asks for the next page.")),
    ),
    asOf: asOfView(),
  }),
);

export const insightView = lazily(() => z.union([rowView(), pageView()]));
