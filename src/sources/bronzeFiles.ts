import type { Lake, LakeFile } from "../adapters/lake/index.ts";
import { rangeOfPath } from "../domain/paths.ts";
import type { BronzeFile } from "../domain/slices.ts";

/**
 * Entries of a page. A look at a stream that is up to date reads one such page a partition, or what a file may hold;
 * a batch that is full leaves at most one page a partition unused.
 */
export const FILES_A_PAGE = 1_000;

export interface BronzeFiles extends AsyncIterable<BronzeFile> {
  /** The first file, which is read again afterwards. */
  peek(): Promise<BronzeFile | undefined>;
}

/**
 * The files of a partition in the order of their events, from a name below its folder on. Page by page: whoever stops
 * reading asks for no more.
 */
export function listBronze(
  lake: Lake,
  folder: string,
  from: string,
): BronzeFiles {
  let first: Promise<LakeFile[]> | undefined;
  const page = (name: string): Promise<LakeFile[]> =>
    lake.listSome(folder, FILES_A_PAGE, name === "" ? undefined : name);
  const firstPage = (): Promise<LakeFile[]> => (first ??= page(from));
  return {
    async peek() {
      return (await firstPage()).flatMap(bronzeFileOf)[0];
    },
    async *[Symbol.asyncIterator]() {
      let files = await firstPage();
      let before = folder;
      for (;;) {
        yield* files.filter(({ path }) => path > before).flatMap(bronzeFileOf);
        const last = files.at(-1);
        if (files.length < FILES_A_PAGE || !last) return;
        // A page begins with the name that it is given: the last one of the page before.
        before = last.path;
        files = await page(before.slice(folder.length + 1));
      }
    },
  };
}

/** A file of another name is none of ours. */
function bronzeFileOf({ path, modifiedAt }: LakeFile): BronzeFile[] {
  const range = rangeOfPath(path);
  return range ? [{ path, ...range, landedAt: modifiedAt }] : [];
}
