import { spawn, type ChildProcess } from "node:child_process";
import { Agent, get } from "node:http";
import { join } from "node:path";
import { projectDir } from "../../local/src/platform/folders.ts";
import { functionKey } from "../../local/src/shared/keys.ts";
import { median, type Bench } from "../harness.ts";
import { startPieces, type Pieces } from "../processes.ts";

const REQUESTS = 200;
const KEY = ["ORD", "2001-03-31"] as const;
const ROW = {
  airport: "ORD",
  day: "2001-03-31",
  flights: 12,
  mean_delay: 8.333333,
  p90_delay: 31.5,
  share_delayed: 0.25,
  name: "Chicago O'Hare International",
  city: "Chicago",
  state: "IL",
  latitude: 41.979595,
  longitude: -87.904464,
};

/** A row through our API against `node:http` with the same read of the same SDK; the same bytes come back. */
export async function http(): Promise<Bench> {
  const pieces = await startPieces();
  await pieces.services("identity", "lake", "cosmos");
  const container = pieces.clients.cosmos
    .database("assay")
    .container("flights_airport_delays");
  await container.items.upsert({
    id: KEY[1],
    partition: KEY[0],
    batch: 1,
    fence: "bench/0000000001",
    value: ROW,
    exact: {},
    deleted: false,
    ttl: -1,
  });
  await noteDelivered(pieces);
  await pieces.host();
  const bare = await startBare(pieces.settings);
  const ours = {
    url: `${pieces.clients.functionsUrl}/api/insights/flights/airport_delays/${KEY.join("/")}`,
    headers: { "x-functions-key": functionKey(pieces.stateDir) },
  };
  const theirs = {
    url: `http://127.0.0.1:${bare.port}/${KEY.join("/")}`,
    headers: {},
  };
  const bodies = [await read(ours), await read(theirs)];
  if (bodies[0] !== bodies[1])
    throw new Error(
      `The two sides answer different bytes:\n${bodies.join("\n")}`,
    );

  const direct: number[] = [];
  return {
    comparison: {
      name: "http",
      a: () => timed(() => read(ours)),
      b: () => timed(() => read(theirs)),
      gates: { p50Ms: { atMost: 1.5 } },
      counts: () => ({
        directReadMs: Number(median(direct).toFixed(3)),
        requestsARun: REQUESTS,
      }),
    },
    async dispose() {
      bare.process.kill();
      await pieces.dispose();
    },
    async prepare() {
      for (let index = 0; index < REQUESTS; index += 1) {
        const startedAt = performance.now();
        await container.item(KEY[1], KEY[0]).read();
        direct.push(performance.now() - startedAt);
      }
    },
  };
}

/** The lake says that batch 1 is delivered with the row's table: by its key the API serves. */
async function noteDelivered({ clients, settings }: Pieces): Promise<void> {
  const lake = clients.lake(settings["LAKE_CONTAINER"] ?? "");
  const put = async (path: string, document: object): Promise<void> => {
    const text = JSON.stringify({ version: 3, ...document });
    await lake
      .getFileClient(`_assay/pipelines/flights/${path}`)
      .upload(Buffer.from(text));
  };
  await put("batches/0000000001/process.json", {
    tables: { airport_delays: { key: ["airport", "day"] } },
    sinks: { cosmos: { tables: { airport_delays: "changes" } } },
  });
  await put("sinks/cosmos/head.json", {
    sink: "cosmos",
    kind: "cosmos",
    nextBatch: 2,
    deliveredParts: 0,
    refused: 0,
    updatedAt: "2026-01-01T00:00:00.000Z",
    record: {},
  });
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function read({
  url,
  headers,
}: {
  url: string;
  headers: Readonly<Record<string, string>>;
}): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", () => {
        const body = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(body);
        else
          reject(
            new Error(`${url} answered ${response.statusCode ?? 0}: ${body}`),
          );
      });
    }).once("error", reject);
  });
}

async function timed(
  request: () => Promise<unknown>,
): Promise<{ p50Ms: number }> {
  const times: number[] = [];
  for (let index = 0; index < REQUESTS; index += 1) {
    const startedAt = performance.now();
    await request();
    times.push(performance.now() - startedAt);
  }
  return { p50Ms: median(times) };
}

function startBare(
  settings: Readonly<Record<string, string>>,
): Promise<{ process: ChildProcess; port: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [join(projectDir, "bench", "http", "bareServer.ts")],
      {
        env: {
          ...process.env,
          ...settings,
          COSMOS_CONTAINER: "flights_airport_delays",
        },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    child.stdout.once("data", (line: Buffer) => {
      resolve({
        process: child,
        port: Number(/listening (\d+)/.exec(line.toString())?.[1]),
      });
    });
    child.once("exit", () => reject(new Error("The bare server ended.")));
  });
}
