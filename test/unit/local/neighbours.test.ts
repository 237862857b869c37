import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockState } from "../../../local/src/platform/lock.ts";
import {
  needFreePorts,
  noteNeighbour,
  PortOfNeighbour,
} from "../../../local/src/platform/neighbours.ts";
import { close, listen, PortTaken } from "../../../local/src/shared/listen.ts";

let dir: string;
const server = createServer();
let port: number;
beforeAll(async () => {
  port = await listen(server, 0);
});
afterAll(() => close(server));
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "assay-neighbours-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const note = () => {
  const stateDir = join(dir, "state");
  const ports = [port - 1, port];
  return noteNeighbour({ projectDir: "/other", stateDir, ports }, dir);
};

test("a port of another checkout that runs is named as its, with its folders", async () => {
  note();
  const unlock = lockState(join(dir, "state"));
  const needed = needFreePorts([port], dir);
  await expect(needed).rejects.toThrow(PortOfNeighbour);
  await expect(needed).rejects.toThrow(
    `the Assay of /other runs there, on ${join(dir, "state")}.`,
  );
  unlock();
});

test("a port of another program is not, though an Assay that was killed had it once", async () => {
  await expect(needFreePorts([port], dir)).rejects.toThrow(PortTaken);
  note();
  await expect(needFreePorts([port], dir)).rejects.toThrow(PortTaken);
  lockState(join(dir, "state"))();
  await expect(needFreePorts([port], dir)).rejects.toThrow(PortTaken);
});

test("an Assay that has ended in order is no neighbour any more", async () => {
  const forget = note();
  const unlock = lockState(join(dir, "state"));
  forget();
  await expect(needFreePorts([port], dir)).rejects.toThrow(PortTaken);
  unlock();
});

test("ports that are free stay so", async () => {
  const other = createServer();
  const free = await listen(other, 0);
  await close(other);
  await needFreePorts([free], dir);
  await needFreePorts([free], dir);
});
