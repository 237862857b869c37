import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import avro from "avsc";
import { toRanges, type Positions } from "./positions.ts";

/** What lies in bronze, read from its files by an Avro library that the app does not use. */
export interface Bronze {
  readonly events: number;
  readonly positions: Positions;
}

export async function readBronze(
  lakeDir: string,
  hub: string,
): Promise<Bronze> {
  const root = join(lakeDir, "bronze", "events", hub);
  const sequences = new Map<string, number[]>();
  if (existsSync(root)) {
    for (const entry of await readdir(root, {
      recursive: true,
      withFileTypes: true,
    })) {
      if (!entry.isFile() || !entry.name.endsWith(".avro")) continue;
      const [generation = "", partition = ""] = relative(
        root,
        entry.parentPath,
      ).split(sep);
      const stream = `${generation}/${partition}`;
      const known = sequences.get(stream) ?? [];
      known.push(...(await readSequences(join(entry.parentPath, entry.name))));
      sequences.set(stream, known);
    }
  }
  const positions = new Map(
    [...sequences].map(([stream, numbers]) => [stream, toRanges(numbers)]),
  );
  // A redelivered batch that was cut differently is there twice: an event is counted by its position.
  const events = [...sequences.values()].reduce(
    (sum, numbers) => sum + new Set(numbers).size,
    0,
  );
  return { events, positions };
}

function readSequences(path: string): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const sequences: number[] = [];
    avro
      .createFileDecoder(path)
      .on("data", (event: { SequenceNumber: number }) =>
        sequences.push(event.SequenceNumber),
      )
      .on("error", reject)
      .on("end", () => resolve(sequences));
  });
}
