import {
  CLOSING_APIS,
  isHidden,
  isLeftEmpty,
  isSettled,
  parseLandingEvent,
} from "../../../src/domain/landing.ts";

const SUBJECT = "/blobServices/default/containers/lake/blobs/landing/a/b c.csv";
const parsed = { container: "lake", path: "landing/a/b c.csv" };

test("an event names a file by its subject, and closes none without its ETag", () => {
  const data = { api: "PutBlob", eTag: "0x1" };
  expect(parseLandingEvent({ subject: SUBJECT, data })).toEqual({
    ...{ ...parsed, etag: "0x1" },
    isClosed: true,
  });
  expect(
    parseLandingEvent({ subject: SUBJECT, data: { api: "RenameFile" } }),
  ).toEqual({ ...parsed, isClosed: false });
});

test("an end of a line in a name is a part of the name", () => {
  const subject = SUBJECT.replace("c.csv", "c\u2028d.csv");
  expect(parseLandingEvent({ subject, data: {} })?.path).toBe(
    "landing/a/b c\u2028d.csv",
  );
});

test("the calls that end a file say so, any other call does not, and who tells of none has looked", () => {
  const isClosed = (data?: object) =>
    parseLandingEvent({ subject: SUBJECT, data: { eTag: "0x1", ...data } })
      ?.isClosed;
  for (const api of CLOSING_APIS) expect(isClosed({ api })).toBe(true);
  expect(isClosed({ api: "CreateFile" })).toBe(false);
  expect(isClosed()).toBe(true);
});

/** The names are those of Event Grid: what is not among them is not taken for whole. */
test("the calls that end a file are those of the storage that do", () => {
  expect([...CLOSING_APIS].sort()).toEqual([
    ...["CopyBlob", "FlushWithClose", "PutBlob", "PutBlockList"],
    ...["RenameFile", "SftpCommit", "SftpRename"],
  ]);
});

test.each([
  [null],
  [undefined],
  ["text"],
  [{}],
  [{ subject: 7 }],
  [{ subject: `x${SUBJECT}` }],
  [{ subject: "/blobServices/default/containers/lake/blobs/" }],
  [{ subject: "/blobServices/default/containers//blobs/a" }],
])("%j names no file", (message) => {
  expect(parseLandingEvent(message)).toBeUndefined();
});

test("a name is hidden where a part of it begins with a dot", () => {
  expect([".a", "x/.a", "x/.y/a"].map(isHidden)).toEqual([true, true, true]);
  expect(["a", "a.csv", "x./a."].map(isHidden)).toEqual([false, false, false]);
});

test("a file is settled when it has stood still for as long as is asked, and an empty one never", () => {
  const file = { bytes: 1, modifiedAt: 10_000 };
  expect(isSettled(file, 11_999, 2)).toBe(false);
  expect(isSettled(file, 12_000, 2)).toBe(true);
  expect(isSettled({ ...file, bytes: 0 }, 99_000_000, 2)).toBe(false);
});

test("an empty file is left behind after a day, and one that holds something never", () => {
  const day = 86_400_000;
  const file = { bytes: 0, modifiedAt: 10_000 };
  expect(isLeftEmpty(file, 10_000 + day - 1)).toBe(false);
  expect(isLeftEmpty(file, 10_000 + day)).toBe(true);
  expect(isLeftEmpty({ ...file, bytes: 1 }, 10_000 + day)).toBe(false);
});
