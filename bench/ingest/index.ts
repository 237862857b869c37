import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectDir } from "../../local/src/platform/folders.ts";
import { until } from "../../test/support/until.ts";
import { cpuSeconds, type Bench } from "../harness.ts";
import { startPieces, type Pieces } from "../processes.ts";

const execute = promisify(execFile);
const HUB = "flights";
const PARTITIONS = 4;
/** So many that what the platform does by itself each second does not pass for the events' cost. */
const EVENTS = 120_000;
const BODY_BYTES = 1024;
const BATCH = 400;

/**
 * Events of 1 KB from the hub into bronze, against a loop that reads the same frames and writes the bytes. The hub is
 * a process of its own and counts for neither; the function host and the lake count for us. Nobody calls fsync.
 */
export async function ingest(): Promise<Bench> {
  execFileSync(process.execPath, [join(projectDir, "scripts", "package.mjs")]);
  const pieces = await startPieces();
  await pieces.services("eventHubs");
  const lake = await pieces.services("identity", "lake", "cosmos");
  const host = await pieces.host();
  const out = mkdtempSync(join(tmpdir(), "assay-bare-"));
  let landed = 0;
  return {
    comparison: {
      name: "ingest",
      warmUps: 1,
      pairs: 8,
      gates: { eventsPerCpuSecond: { atLeast: 0.6 } },
      async a() {
        const before = cpuSeconds(lake.pid, host.pid);
        await send(pieces);
        landed += EVENTS;
        await until(
          () => bronzeEvents(pieces.stateDir) >= landed,
          "the events in bronze",
        );
        return {
          eventsPerCpuSecond:
            EVENTS / (cpuSeconds(lake.pid, host.pid) - before),
        };
      },
      async b() {
        const { events, cpuSeconds: used } = await bareLoop(pieces, out);
        return { eventsPerCpuSecond: events / used };
      },
      counts: () => ({
        eventsARun: EVENTS,
        bodyBytes: BODY_BYTES,
        bronzeFiles: bronzeFiles(pieces.stateDir).length,
        filesPerMillionEvents: Math.round(
          (bronzeFiles(pieces.stateDir).length / landed) * 1_000_000,
        ),
      }),
    },
    async dispose() {
      await pieces.dispose();
      rmSync(out, { recursive: true, force: true });
    },
  };
}

/** The same bytes each time: the content costs nothing, the size does. */
const body = Buffer.alloc(BODY_BYTES, '{"date":"2001/03/31 09:00","delay":5}');

async function send({ clients }: Pieces): Promise<void> {
  const producer = clients.producer(HUB);
  await Promise.all(
    Array.from({ length: PARTITIONS }, async (_, partition) => {
      const bodies = Array.from({ length: BATCH }, () => ({ body }));
      for (let sent = 0; sent < EVENTS / PARTITIONS; sent += BATCH) {
        await producer.sendBatch(bodies, { partitionId: String(partition) });
      }
    }),
  );
  await producer.close();
}

const bronzeFiles = (stateDir: string): string[] =>
  readdirSync(join(stateDir, "lake", "bronze"), {
    recursive: true,
    encoding: "utf8",
  }).filter((name) => name.endsWith(".avro"));

/** By the files' names: what they hold is the tests' business. */
const bronzeEvents = (stateDir: string): number =>
  bronzeFiles(stateDir).reduce((sum, name) => {
    const [, first = "0", last = "-1"] = /(\d+)-(\d+)\.avro$/.exec(name) ?? [];
    return sum + Number(last) - Number(first) + 1;
  }, 0);

async function bareLoop(
  { stateDir, ports }: Pieces,
  out: string,
): Promise<{ events: number; cpuSeconds: number }> {
  const { stdout } = await execute(process.execPath, [
    join(projectDir, "bench", "ingest", "bareLoop.ts"),
    ...[
      "--state",
      stateDir,
      "--port",
      String(ports.get("eventHubs")),
      "--hub",
      HUB,
    ],
    ...[
      "--partitions",
      String(PARTITIONS),
      "--events",
      String(EVENTS),
      "--out",
      out,
    ],
  ]);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as {
    events: number;
    cpuSeconds: number;
  };
}
