import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CosmosClient,
  type Container,
  type OperationInput,
} from "@azure/cosmos";
import { sharedKey } from "../../../local/src/shared/keys.ts";
import { ensureCertificate } from "../../../local/src/shared/tls.ts";
import { inOneRequest, startCosmos } from "../../support/cosmos.ts";
import { freePort } from "../../support/freePort.ts";
import { until } from "../../support/until.ts";

const PATIENCE_MS = 60_000;
const CHILD = join(import.meta.dirname, "../../support/cosmosChild.ts");

/** Cosmos in a process of its own, to be killed at any moment. */
interface Child {
  readonly isKilled: boolean;
  kill(): Promise<void>;
}

async function startChild(stateDir: string, port: number): Promise<Child> {
  const child = spawn(process.execPath, [CHILD, stateDir, String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const failed = ended.then(() => {
    throw new Error("The server ended before it listened.");
  });
  await Promise.race([once(child.stdout, "data"), failed]);
  failed.catch(() => undefined);
  let isKilled = false;
  return {
    get isKilled() {
      return isKilled;
    },
    async kill() {
      isKilled = true;
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/**
 * Bulk requests one after another, until the server is killed; ids that were acknowledged.
 * @throws what a request fails with before that
 */
async function writeUntilKilled(
  container: Container,
  prefix: string,
  child: Child,
  acknowledged: Set<string>,
): Promise<void> {
  for (let round = 0; ; round++) {
    const operations = Array.from({ length: 20 }, (_, i): OperationInput => ({
      operationType: "Create",
      partitionKey: `p${String(i % 3)}`,
      resourceBody: {
        id: `${prefix}-${String(round)}-${String(i)}`,
        partition: `p${String(i % 3)}`,
        text: "x".repeat(500),
      },
    }));
    try {
      const results = await inOneRequest(container, operations);
      for (const { statusCode, resourceBody } of results)
        if (statusCode === 201 && resourceBody)
          acknowledged.add((resourceBody as { id: string }).id);
    } catch (error) {
      if (child.isKilled) return;
      throw error;
    }
  }
}

test("what was acknowledged is there after the server is killed while it writes, each time", async () => {
  const stateDir = mkdtempSync(join(tmpdir(), "assay-cosmos-kill-"));
  const { cert } = await ensureCertificate(join(stateDir, "tls"));
  const port = await freePort();
  const acknowledged = new Set<string>();
  const open = (): CosmosClient =>
    new CosmosClient({
      endpoint: `https://127.0.0.1:${String(port)}/`,
      key: sharedKey(stateDir),
      agent: new Agent({ keepAlive: true, ca: cert }),
      connectionPolicy: {
        enableEndpointDiscovery: false,
        requestTimeout: 15_000,
      },
    });
  let child = await startChild(stateDir, port);
  try {
    for (let round = 0; round < 3; round++) {
      const before = acknowledged.size;
      const client = open();
      const container = client.database("test").container("written");
      const writers = Promise.all(
        [0, 1, 2, 3].map((n) =>
          writeUntilKilled(
            container,
            `${String(round)}-${String(n)}`,
            child,
            acknowledged,
          ),
        ),
      );
      const isEnough = until(
        () => acknowledged.size >= before + 400,
        "400 more documents",
        PATIENCE_MS,
      );
      // Writers end only when the server is killed: before that, they have failed.
      await Promise.race([isEnough, writers]);
      await child.kill();
      await writers;
      client.dispose();
      child = await startChild(stateDir, port);
      const again = open();
      const { resources } = await again
        .database("test")
        .container("written")
        .items.query<string>("SELECT VALUE c.id FROM c", { maxItemCount: -1 })
        .fetchAll();
      again.dispose();
      const found = new Set(resources);
      expect(found.size).toBe(resources.length);
      expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
    }
  } finally {
    await child.kill();
    rmSync(stateDir, { recursive: true, force: true });
  }
}, 180_000);

describe("the log of a container", () => {
  const logs = (stateDir: string): string[] =>
    readdirSync(join(stateDir, "cosmos", "documents")).map((name) =>
      join(stateDir, "cosmos", "documents", name),
    );

  test("a torn end is cut, a torn batch as a whole, and writing goes on", async () => {
    const platform = await startCosmos();
    const container = await platform.aContainer();
    await container.items.create({ id: "a", partition: "p" });
    const [log = ""] = logs(platform.stateDir);
    const whole = readFileSync(log, "utf8");
    await container.items.batch(
      ["b", "c"].map((id) => ({
        operationType: "Create",
        resourceBody: { id, partition: "p" },
      })),
      "p",
    );
    const batch = readFileSync(log, "utf8").slice(whole.length);
    await container.items.batch(
      ["b", "c"].map((id) => ({ operationType: "Delete", id })),
      "p",
    );
    // The first line of a batch is whole, its second is not.
    appendFileSync(log, batch.slice(0, batch.lastIndexOf("\n") - 5));
    await platform.restart();
    const ids = async () =>
      (
        await container.items
          .query<string>("SELECT VALUE c.id FROM c")
          .fetchAll()
      ).resources;
    expect(await ids()).toEqual(["a"]);
    await container.items.create({ id: "d", partition: "p" });
    await platform.restart();
    expect(await ids()).toEqual(["a", "d"]);
    await platform.stop();
  });

  test("a start that finds it mostly dead makes it small, and the feed goes on", async () => {
    const platform = await startCosmos();
    const container = await platform.aContainer();
    for (let round = 0; round < 30; round++)
      await inOneRequest(
        container,
        Array.from({ length: 50 }, (_, i) => ({
          operationType: "Upsert",
          partitionKey: "p",
          resourceBody: { id: String(i), partition: "p", round },
        })),
      );
    const before = await container.item("7", "p").read();
    const [log = ""] = logs(platform.stateDir);
    const size = statSync(log).size;
    await platform.restart();
    expect(statSync(log).size).toBeLessThan(size / 20);
    const after = await container.item("7", "p").read();
    expect(after.resource).toEqual(before.resource);
    const made = await container.items.create({ id: "new", partition: "p" });
    expect(made.headers["x-ms-session-token"]).toBe("0:-1#1501");
    await platform.restart();
    const { resources } = await container.items
      .query<string>("SELECT VALUE c.id FROM c")
      .fetchAll();
    expect(resources).toEqual([
      ...Array.from({ length: 50 }, (_, i) => String(i)),
      "new",
    ]);
    await platform.stop();
  });
});
