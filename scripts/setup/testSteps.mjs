import { rm } from "node:fs/promises";
import { clientsDir, clientsPython, olderClientsDir } from "./paths.mjs";
import { findPython } from "./prerequisites.mjs";
import { makeVenv, pipInto } from "./python.mjs";

const locks = "test/integration/clients";
const pip = pipInto(clientsPython);

/** What only the tests use: `npm start` does not wait for it. The same form as `steps`. */
export const testSteps = [
  {
    name: "clients",
    title: "other people's clients for the tests (20 seconds, 260 MB)",
    madeFrom: [`${locks}/requirements.lock`],
    makes: [clientsPython],
    check: findPython,
    async run() {
      await makeVenv(clientsDir);
      await pip("--require-hashes", "-r", `${locks}/requirements.lock`);
    },
  },
  {
    name: "clientsOlder",
    title: "their older releases",
    madeFrom: [`${locks}/requirements-older.lock`],
    makes: [olderClientsDir],
    async run() {
      await rm(olderClientsDir, { recursive: true, force: true });
      await pip(
        "--require-hashes",
        "--no-deps",
        "--target",
        olderClientsDir,
        "-r",
        `${locks}/requirements-older.lock`,
      );
    },
  },
];
