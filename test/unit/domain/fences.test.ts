import { fenceOf, notNewerThan } from "../../../src/domain/fences.ts";
import {
  generationOf,
  incarnationOf,
  runTokenOf,
} from "../../../src/domain/identity.ts";

const INCARNATION = "20260101T000000000Z-abcdef";

test("a fence is an incarnation and a number of ten digits, and nothing else becomes a condition", () => {
  expect(fenceOf(INCARNATION, 7)).toBe(`${INCARNATION}/0000000007`);
  for (const [incarnation, batch] of [
    [`x${INCARNATION}`, 1],
    [`\n${INCARNATION}`, 1],
    [INCARNATION, 10_000_000_000],
    [`${INCARNATION}"`, 1],
    [INCARNATION, 1.5],
  ] as const)
    expect(() => fenceOf(incarnation, batch)).toThrow(
      `${incarnation}/${String(batch).padStart(10, "0")} is no fence.`,
    );
  expect(notNewerThan("x")).toBe('FROM c WHERE c.fence <= "x"');
});

test("an incarnation has six digits of chance, however many are given", () => {
  const at = new Date("2026-01-01T00:00:00.000Z");
  expect(incarnationOf(at, Buffer.from("abcdef0123", "hex"))).toBe(INCARNATION);
});

test("the parts of a life are told apart where one ends and the next begins", () => {
  const life = { namespace: "ab", hub: "c", createdOn: "d", epoch: "0" };
  expect(generationOf({ ...life, namespace: "a", hub: "bc" })).not.toBe(
    generationOf(life),
  );
});

test("a token begins with what a person looks for, and ends with a digest of all of it", () => {
  const attempt = {
    ...{ pipeline: "a_pipeline_of_many_letters", incarnation: INCARNATION },
    ...{ batch: 12, step: "process", attempt: 3 },
  };
  expect(runTokenOf(attempt)).toMatch(/^a_pipeline_o-12-3-[0-9a-f]{32}$/);
  const longest = { ...attempt, batch: 9_999_999_999, attempt: 1_000_000_000 };
  expect(runTokenOf(longest)).toMatch(
    /^ipeline_o-9999999999-1000000000-[0-9a-f]{32}$/,
  );
  expect(runTokenOf({ ...attempt, batch: 1, attempt: 23 })).not.toBe(
    runTokenOf({ ...attempt, batch: 12, attempt: 3 }),
  );
});
