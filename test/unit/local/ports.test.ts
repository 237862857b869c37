import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { choosePorts } from "../../../local/src/platform/ports.ts";
import { close, listen } from "../../../local/src/shared/listen.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "assay-ports-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const choose = (functionsPort: number) =>
  choosePorts(dir, ["lake", "functions"], functionsPort);

test("ports are kept from start to start", async () => {
  const first = await choose(0);
  expect(await choose(0)).toEqual(first);
  expect(new Set(first.values()).size).toBe(2);
});

test("where the host's port is taken meanwhile, port 0 takes another one, and the others stay", async () => {
  const first = await choose(0);
  const server = createServer();
  await listen(server, first.get("functions") ?? 0);
  const second = await choose(0);
  expect(second.get("lake")).toBe(first.get("lake"));
  expect(second.get("functions")).not.toBe(first.get("functions"));
  await close(server);
});
