import fc from "fast-check";
import {
  MAX_PUBLISH_WIDTH,
  publishWidth,
  shareOf,
} from "../../../src/domain/parts.ts";

test("every part is in one share, however many shares there are", () => {
  const part = fc.record({
    table: fc.constant("t"),
    path: fc.uuid(),
    rows: fc.nat(10_000),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(part, { selector: ({ path }) => path, maxLength: 60 }),
      (parts) => {
        const width = publishWidth(parts);
        expect(width).toBeLessThanOrEqual(MAX_PUBLISH_WIDTH);
        const shared = Array.from({ length: width }, (_, share) =>
          shareOf(parts, share, width),
        ).flat();
        const withRows = parts.some(({ rows }) => rows > 0) ? parts : [];
        expect(shared.map(({ path }) => path).sort()).toEqual(
          withRows.map(({ path }) => path).sort(),
        );
      },
    ),
  );
});
