import { open, type FileHandle } from "node:fs/promises";

/** Some bytes of a file. */
export interface FilePart {
  readonly file: string;
  readonly at: number;
  readonly bytes: number;
}

const COPY_BYTES = 4 * 1024 * 1024;

/** Copies a part of a file to a place in another. False: the file has become shorter. */
export async function copyPart(
  part: FilePart,
  target: FileHandle,
  targetAt: number,
): Promise<boolean> {
  const source = await open(part.file, "r");
  try {
    const buffer = Buffer.allocUnsafe(Math.min(part.bytes, COPY_BYTES));
    for (let done = 0; done < part.bytes;) {
      const most = Math.min(buffer.length, part.bytes - done);
      const { bytesRead } = await source.read(buffer, 0, most, part.at + done);
      if (bytesRead === 0) return false;
      // What a short write leaves is read and written again.
      const at = targetAt + done;
      done += (await target.write(buffer, 0, bytesRead, at)).bytesWritten;
    }
    return true;
  } finally {
    await source.close();
  }
}
