import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plannedFaults } from "../../../local/src/shared/faults.ts";
import { refusalOf, startLake } from "../../support/lake.ts";

test("a planted fault refuses, loses the answer after the work, or never answers", async () => {
  const lake = await startLake({
    queues: ["work-items"],
    faults: plannedFaults([
      {
        service: "lake",
        operation: "PUT",
        path: "/lake/refused b$",
        action: "refuse",
        status: 503,
      },
      {
        service: "lake",
        operation: "PUT",
        path: "/lake/lost$",
        action: "lose",
      },
      {
        service: "lake",
        operation: "GET",
        path: "/lake/hung$",
        action: "hang",
      },
      { service: "queue", operation: "POST", action: "lose" },
    ]),
  });
  try {
    const container = lake.blobs.getContainerClient("lake");
    const put = (name: string): Promise<unknown> =>
      container.getBlockBlobClient(name).upload("x", 1);
    expect(await refusalOf(put("refused b"))).toMatchObject({ status: 503 });
    await put("refused b");
    expect((await refusalOf(put("lost"))).status).toBe(undefined);
    expect(await container.getBlobClient("lost").exists()).toBe(true);
    await put("hung");
    const abortSignal = AbortSignal.timeout(200);
    expect(
      (
        await refusalOf(
          container
            .getBlobClient("hung")
            .downloadToBuffer(0, undefined, { abortSignal }),
        )
      ).status,
    ).toBe(undefined);
    const queue = lake.queues.getQueueClient("work-items");
    expect((await refusalOf(queue.sendMessage("x"))).status).toBe(undefined);
    expect((await queue.getProperties()).approximateMessagesCount).toBe(1);
  } finally {
    await lake.stop();
  }
});

test("ETags are the same after a restart, for our blobs and for files of others", async () => {
  const stateDir = mkdtempSync(join(tmpdir(), "assay-lake-"));
  try {
    const seen: (string | undefined)[][] = [];
    for (const round of [0, 1]) {
      const lake = await startLake({ stateDir });
      const container = lake.blobs.getContainerClient("lake");
      if (round === 0) {
        await container.getBlockBlobClient("ours/x").upload("x", 1);
        mkdirSync(join(stateDir, "lake/theirs"));
        writeFileSync(join(stateDir, "lake/theirs/y"), "y");
      }
      const etags: (string | undefined)[] = [];
      for (const name of ["ours", "ours/x", "theirs", "theirs/y"])
        etags.push((await container.getBlobClient(name).getProperties()).etag);
      seen.push(etags);
      await lake.stop();
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(new Set(seen[0]).size).toBe(4);
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
});
