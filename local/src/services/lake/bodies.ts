import { createHash } from "node:crypto";
import {
  closeSync,
  fstatSync,
  openSync,
  rmSync,
  writeSync,
  writevSync,
} from "node:fs";
import { fail } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { identityOf, type Identity } from "./state.ts";

/** A body that was received whole, in a file that no path of a container leads to. */
export interface Incoming {
  readonly file: string;
  readonly identity: Identity;
  readonly modifiedAt: Date;
  readonly md5: string | undefined;
}

/**
 * Bytes gathered before one write. Writing each 16 KiB TLS record by itself, through the thread pool, costs more
 * CPU than all else; a write of this size to the page cache holds the event loop for about a millisecond.
 */
const GATHER_BYTES = 4 * 1024 * 1024;

/** Writes the body to `file`, from `position` on. The MD5 in the request, if any, is checked. */
export async function receiveInto(
  exchange: Exchange,
  file: string,
  limitBytes: number,
  options: { flags: string | number; position?: number } = { flags: "wx" },
): Promise<Incoming> {
  if (exchange.contentLength > limitBytes) fail("bodyTooLarge");
  const wantedMd5 = exchange.header("content-md5");
  const descriptor = openSync(file, options.flags);
  try {
    const md5 = wantedMd5 === undefined ? undefined : createHash("md5");
    let position = options.position;
    await eachGathered(exchange, GATHER_BYTES, (chunks) => {
      for (const chunk of chunks) md5?.update(chunk);
      position = writeAll(descriptor, chunks, position);
    });
    const digest = md5?.digest("base64");
    if (digest !== wantedMd5) {
      const isMd5 = /^[A-Za-z0-9+/]{22}==$/.test(wantedMd5 ?? "");
      fail(isMd5 ? "md5Mismatch" : "invalidMd5");
    }
    const stats = fstatSync(descriptor, { bigint: true });
    return {
      file,
      identity: identityOf(stats),
      modifiedAt: stats.mtime,
      md5: digest,
    };
  } finally {
    closeSync(descriptor);
  }
}

/** `receiveInto` for a new file of ours, which is removed when the body does not arrive whole and right. */
export async function receive(
  exchange: Exchange,
  file: string,
  limitBytes: number,
): Promise<Incoming> {
  try {
    return await receiveInto(exchange, file, limitBytes);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

/** A small body as text. */
export async function receiveText(
  exchange: Exchange,
  limitBytes: number,
): Promise<string> {
  if (exchange.contentLength > limitBytes) fail("bodyTooLarge");
  const all: Buffer[] = [];
  await eachGathered(exchange, limitBytes + 1, (chunks) => {
    all.push(...chunks);
  });
  return Buffer.concat(all).toString("utf8");
}

function eachGathered(
  { request }: Exchange,
  gatherBytes: number,
  take: (chunks: readonly Buffer[]) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    const flush = (): void => {
      if (bytes > 0) take(chunks);
      chunks = [];
      bytes = 0;
    };
    const guarded = (work: () => void) => () => {
      try {
        work();
      } catch (error) {
        request.removeAllListeners("data");
        request.resume();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const flushGuarded = guarded(flush);
    request.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= gatherBytes) flushGuarded();
    });
    request.once(
      "end",
      guarded(() => {
        flush();
        resolve();
      }),
    );
    request.once("error", reject);
    request.once("close", () => {
      if (!request.complete)
        reject(new Error("The client closed the connection."));
    });
  });
}

function writeAll(
  descriptor: number,
  chunks: readonly Buffer[],
  position: number | undefined,
): number | undefined {
  const wanted = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  let written =
    position === undefined
      ? writevSync(descriptor, [...chunks])
      : writevSync(descriptor, [...chunks], position);
  // A short write is rare (a full disk fails at the next one): the rest is written from one buffer.
  const rest = written < wanted ? Buffer.concat(chunks) : undefined;
  while (rest && written < wanted) {
    const at = position === undefined ? null : position + written;
    written += writeSync(descriptor, rest, written, wanted - written, at);
  }
  return position === undefined ? undefined : position + wanted;
}
