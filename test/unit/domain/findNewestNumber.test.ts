import fc from "fast-check";
import { findNewestNumber } from "../../../src/domain/findNewestNumber.ts";

test("the newest number is found from any hint, with logarithmically many questions", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(5000), fc.nat(6000), async (newest, hint) => {
      let questions = 0;
      const found = await findNewestNumber((number) => {
        questions += 1;
        return Promise.resolve(number >= 1 && number <= newest);
      }, hint);
      expect(found).toBe(newest);
      expect(questions).toBeLessThanOrEqual(
        4 + 2 * Math.ceil(Math.log2(Math.max(newest, hint) + 2)),
      );
    }),
  );
});

test("with the last one as a hint it takes two questions", async () => {
  let questions = 0;
  await findNewestNumber(
    (number) => Promise.resolve((questions += 1) > 0 && number <= 17),
    17,
  );
  expect(questions).toBe(2);
});
