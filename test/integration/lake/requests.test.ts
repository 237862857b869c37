import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  readReload,
  requestDocument,
} from "../../../local/src/cli/operatorRequests.ts";
import { clientsOf } from "../../../local/src/platform/clients.ts";
import { readArguments } from "../../../scripts/arguments.mjs";
import { verbNamed } from "../../../scripts/verbs.mjs";
import { refusalOf, startLake, type LocalLake } from "../../support/lake.ts";
import { weather } from "../../unit/local/definitions.ts";

let lake: LocalLake;
beforeAll(async () => {
  lake = await startLake();
  writeFileSync(join(lake.stateDir, "ports.json"), JSON.stringify(lake.ports));
});
afterAll(() => lake.stop());

test("what an operator asks for is in the lake in one piece, and the same request is not written twice", async () => {
  const asked = readReload(
    readArguments(verbNamed("reload"), ["weather", "cosmos", "days"]),
    [weather],
  );
  const { path, text } = requestDocument(asked);
  const clients = clientsOf(lake.stateDir);
  await clients.createOnce("lake", path, text);
  const read = await clients.lake("lake").getFileClient(path).readToBuffer();
  expect(read.toString()).toBe(text);
  expect(await refusalOf(clients.createOnce("lake", path, "{}"))).toMatchObject(
    { status: 409 },
  );
});
