import {
  bareEtag,
  fileIdOf,
  generationOf,
  isFileId,
  isGeneration,
  runTokenOf,
} from "../../../src/domain/identity.ts";

const LIFE = {
  ...{ namespace: "ns", hub: "flights", epoch: "0" },
  createdOn: "2026-01-01T00:00:00.000Z",
};
const ATTEMPT = {
  ...{ pipeline: "flights", incarnation: "i", step: "process" },
  ...{ batch: 1, attempt: 1 },
};

test("a generation and a file have names of their own forms, and nothing else has", () => {
  expect(isGeneration(generationOf(LIFE))).toBe(true);
  expect(isFileId(fileIdOf("landing/a/b", "0x1"))).toBe(true);
  for (const [is, digits] of [
    [isGeneration, 12],
    [isFileId, 16],
  ] as const) {
    const name = "0a".repeat(digits / 2);
    expect(is(name)).toBe(true);
    for (const other of [
      `${name}0`,
      `0${name}`,
      name.slice(1),
      "g".repeat(digits),
    ])
      expect(is(other)).toBe(false);
  }
});

test("whatever differs of a life or an attempt gives it another name, also where its parts read alike in a row", () => {
  const lives = [
    LIFE,
    { ...LIFE, namespace: "n", hub: "sflights" },
    { ...LIFE, hub: "flight", createdOn: `s${LIFE.createdOn}` },
    { ...LIFE, epoch: "1" },
  ];
  expect(new Set(lives.map(generationOf)).size).toBe(lives.length);
  const attempts = [
    ATTEMPT,
    { ...ATTEMPT, batch: 11, attempt: 1 },
    { ...ATTEMPT, incarnation: "i1", batch: 1 },
    { ...ATTEMPT, step: "process1" },
    { ...ATTEMPT, attempt: 11 },
  ];
  const digests = attempts.map((each) => runTokenOf(each).slice(-32));
  expect(new Set(digests).size).toBe(attempts.length);
  const longest = { ...ATTEMPT, pipeline: "p".repeat(63), batch: 999_999_999 };
  expect(runTokenOf(longest).length).toBeLessThanOrEqual(64);
  expect(runTokenOf(ATTEMPT)).toMatch(/^flights-1-1-[0-9a-f]{32}$/);
});

test("an ETag is the same with quotes and without", () => {
  expect(bareEtag('"0x1"')).toBe("0x1");
  expect(fileIdOf("a", '"0x1"')).toBe(fileIdOf("a", "0x1"));
  expect(fileIdOf("a", "b")).not.toBe(fileIdOf("a\nb", ""));
});
