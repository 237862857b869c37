import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import avro from "avsc";
import { BatchFiles } from "../../../bench/prove/sinks/batchFiles.ts";
import { Door } from "../../../bench/prove/sinks/door.ts";
import {
  bodyOf,
  movementsOf,
  type Movement,
} from "../../../bench/prove/sinks/movements.ts";
import { StandIn } from "../../../bench/prove/sinks/standIn.ts";
import { writeWhole } from "../../../local/src/shared/files.ts";
import { close, listen } from "../../../local/src/shared/listen.ts";
import { documentSchemas } from "../../../src/domain/schemas/index.ts";
import { until } from "../../support/until.ts";

const stateDir = mkdtempSync(join(tmpdir(), "assay-door-"));
const files = new BatchFiles(stateDir);
const DIGEST = "d".repeat(64);
const asked: string[] = [];
const workspace = createServer((request, response) => {
  asked.push(request.url ?? "");
  const state = { life_cycle_state: "TERMINATED", result_state: "SUCCESS" };
  response.end(JSON.stringify({ run_id: 1, state }));
});
let door: Door;
let url: string;
let workspaceUrl: string;

beforeAll(async () => {
  writeWhole(
    join(files.lakeDir, "_assay/definitions/movements", `${DIGEST}.json`),
    JSON.stringify({
      sinks: { cosmos: { kind: "cosmos", tables: ["stock", "places"] } },
    }),
  );
  workspaceUrl = `http://127.0.0.1:${await listen(workspace, 0)}`;
  door = new Door(new StandIn(files, 7), 1, workspaceUrl);
  url = await door.open();
  await plan(1, 0);
  await plan(2, sent(1).length);
});
afterAll(async () => {
  await door.close();
  await close(workspace);
  rmSync(stateDir, { recursive: true });
});

const sent = (batch: number): Movement[] => movementsOf(7, batch, new Map());

/** A manifest with one slice, and the file of bronze behind it. */
async function plan(batch: number, from: number): Promise<void> {
  const bodies = sent(batch).map(bodyOf);
  const path = `bronze/events/movements/g/0/${from}.avro`;
  await writeBronze(join(files.lakeDir, path), from, bodies);
  const slice = {
    ...{ source: "movements", stream: "hub/movements", generation: "g" },
    ...{ partition: "0", from, to: from + bodies.length - 1, path },
  };
  const manifest = {
    ...{ version: 3, pipeline: "movements", batch, kind: "regular" },
    incarnation: "20260101T000000000Z-abcdef",
    ...{ definition: DIGEST, createdAt: "2026-01-01T00:00:00.000Z" },
    ...{ slices: [slice], files: [], ends: {}, reloads: [], requests: [] },
  };
  const name = join(files.lakeDir, files.folder(batch), "manifest.json");
  writeWhole(name, JSON.stringify(documentSchemas.manifest.parse(manifest)));
}

function writeBronze(
  path: string,
  first: number,
  bodies: readonly string[],
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const encoder = avro.createFileEncoder(path, {
    type: "record",
    name: "EventData",
    fields: [
      { name: "SequenceNumber", type: "long" },
      { name: "Body", type: "bytes" },
    ],
  });
  return new Promise((resolve, reject) => {
    encoder.on("error", reject).on("finish", resolve);
    bodies.forEach((body, at) =>
      encoder.write({ SequenceNumber: first + at, Body: Buffer.from(body) }),
    );
    encoder.end();
  });
}

async function runNow(batch: number, attempt: number): Promise<number> {
  const answer = await fetch(`${url}/api/2.2/jobs/run-now`, {
    method: "POST",
    body: JSON.stringify({
      job_id: 1,
      idempotency_token: `token of ${batch} ${attempt}`,
      job_parameters: {
        pipeline: "movements",
        batch: String(batch),
        attempt: String(attempt),
      },
    }),
  });
  return ((await answer.json()) as { run_id: number }).run_id;
}

interface Run {
  readonly state: { life_cycle_state: string; result_state?: string };
}

async function ended(runId: number): Promise<string> {
  let result: string | undefined;
  await until(async () => {
    const answer = await fetch(`${url}/api/2.2/jobs/runs/get?run_id=${runId}`);
    result = ((await answer.json()) as Run).state.result_state;
    return result !== undefined;
  }, "the end of the run");
  return result ?? "";
}

test("a run of the first batches is the workspace's", async () => {
  expect(await runNow(1, 1)).toBe(1);
  expect(asked).toEqual(["/api/2.2/jobs/run-now"]);
});

test("what the workspace says of its runs is known when it is left", async () => {
  await door.leaveWorkspace(async (method, path) => {
    expect(method).toBe("GET");
    const answer = await fetch(`${workspaceUrl}${path}`);
    return { body: await answer.json() };
  });
  const before = asked.length;
  expect(await ended(1)).toBe("SUCCESS");
  expect(asked).toHaveLength(before);
});

test("a later one is played, once for each token, and each repeat leaves the same documents", async () => {
  const first = await runNow(2, 1);
  expect(await runNow(2, 1)).toBe(first);
  expect(await ended(first)).toBe("SUCCESS");
  const written = files.read(2, "process.json");
  const { tables, sinks } = documentSchemas.process.parse(written);
  documentSchemas.silver.parse(files.read(2, "silver.json"));
  expect(Object.keys(sinks["cosmos"]?.tables ?? {})).toEqual([
    "stock",
    "places",
  ]);
  for (const { path, rows } of tables["stock"]?.changes ?? [])
    expect(
      readFileSync(join(files.lakeDir, path), "utf8").trimEnd().split("\n"),
    ).toHaveLength(rows);

  rmSync(join(files.lakeDir, files.folder(2), "process.json"));
  expect(await ended(await runNow(2, 2))).toBe("SUCCESS");
  expect(files.read(2, "process.json")).toEqual(written);
  expect(files.ended()).toBe(2);
});

test("a machine that is lost ends the run by the platform's fault and writes no end", async () => {
  await plan(3, 1000);
  const standIn = new StandIn(files, 7);
  const attempt = standIn.attempt(3, 1);
  standIn.loseMachines();
  await expect(attempt).rejects.toThrow("lost");
  expect(existsSync(join(files.lakeDir, files.folder(3), "process.json"))).toBe(
    false,
  );
});
