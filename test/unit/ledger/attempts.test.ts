import { batchPaths } from "../../../src/domain/paths.ts";
import type { AttemptRecord } from "../../../src/domain/records.ts";
import {
  amendAttempt,
  countFailuresByCode,
  findLastAttemptNumber,
  readAttempts,
} from "../../../src/ledger/attempts.ts";
import { memoryLake, type MemoryLake } from "../../support/app/memoryLake.ts";

const anAttempt = (
  attempt: number,
  more: Partial<AttemptRecord> = {},
): AttemptRecord => ({
  version: 3,
  attempt,
  token: `t${attempt}`,
  createdAt: "2026-01-01T00:00:00.000Z",
  ...more,
});
const { attempt: pathOf, attempts: folder } = batchPaths("p", 4);

function aLake(...attempts: readonly AttemptRecord[]): MemoryLake {
  const lake = memoryLake(() => 0, false);
  for (const each of attempts) lake.put(pathOf(each.attempt), each);
  return lake;
}

test("the last attempt is the one of the greatest number, whatever else lies there", async () => {
  expect(await findLastAttemptNumber(aLake(), "p", 4)).toBe(0);
  const lake = aLake(anAttempt(2), anAttempt(10), anAttempt(9));
  lake.drop(`${folder}/x/11.json`, "{}");
  lake.drop(`${folder}/012.json`, "{}");
  lake.drop(`${folder}/13.json.part`, "{}");
  lake.drop(`${folder}/notes.txt`, "");
  expect(await findLastAttemptNumber(lake, "p", 4)).toBe(10);
  expect(await findLastAttemptNumber(lake, "p", 5)).toBe(0);
});

test("attempts are read in their order, and one that is missing is left out", async () => {
  expect(await readAttempts(aLake(), "p", 4)).toEqual([]);
  const [first, third] = [anAttempt(1), anAttempt(3)];
  expect(await readAttempts(aLake(third, first), "p", 4)).toEqual([
    ...[first, third],
  ]);
});

test("failures by the job's own code are counted from one attempt to another, both included", async () => {
  const lake = aLake(
    anAttempt(1, { failedBy: "code" }),
    anAttempt(2, { failedBy: "platform" }),
    anAttempt(3, { failedBy: "code" }),
    anAttempt(4, { failedBy: "code" }),
    anAttempt(5),
  );
  const count = (from: number, to: number) =>
    countFailuresByCode(lake, "p", 4, { from, to });
  expect(await count(1, 5)).toBe(3);
  expect(await count(2, 3)).toBe(1);
  expect(await count(4, 4)).toBe(1);
  expect(await count(5, 4)).toBe(0);
});

test("an attempt keeps what others add to it meanwhile, and one that is gone is left alone", async () => {
  const lake = aLake(anAttempt(1));
  const replace = lake.replace.bind(lake);
  let others = 1;
  lake.replace = async (...write) => {
    others -= 1;
    if (others === 0) lake.put(pathOf(1), anAttempt(1, { runId: 7 }));
    return replace(...write);
  };
  await amendAttempt(lake, "p", 4, 1, { seconds: 5, failedBy: "platform" });
  expect(lake.json(pathOf(1))).toEqual(
    anAttempt(1, { runId: 7, seconds: 5, failedBy: "platform" }),
  );
  await amendAttempt(lake, "p", 4, 2, { runId: 8 });
  expect(lake.json(pathOf(2))).toBeNull();
});
