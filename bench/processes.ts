import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild, type Child } from "../local/src/platform/children.ts";
import { clientsOf, type Clients } from "../local/src/platform/clients.ts";
import { readProvision } from "../local/src/platform/context.ts";
import { projectDir } from "../local/src/platform/folders.ts";
import { choosePorts } from "../local/src/platform/ports.ts";
import { appSettings } from "../local/src/platform/settings.ts";
import { services } from "../local/src/services/index.ts";

/** A platform in pieces: each group of services a process of its own, so that its CPU time can be counted alone. */
export interface Pieces {
  readonly stateDir: string;
  readonly clients: Clients;
  readonly ports: ReadonlyMap<string, number>;
  readonly settings: Readonly<Record<string, string>>;
  services(...names: readonly string[]): Promise<Child>;
  host(): Promise<Child>;
  dispose(): Promise<void>;
}

/** @param changedSettings of the app, beside those of the platform */
export async function startPieces(
  changedSettings: Readonly<Record<string, string>> = {},
): Promise<Pieces> {
  const stateDir = mkdtempSync(join(tmpdir(), "assay-bench-"));
  const ports = await choosePorts(
    stateDir,
    services.flatMap(({ endpoints }) => endpoints),
    0,
  );
  const settings = {
    ...appSettings(stateDir, ports, readProvision(projectDir)),
    ...changedSettings,
  };
  const children: Child[] = [];
  const keep = (child: Child): Child => {
    children.push(child);
    return child;
  };
  return {
    stateDir,
    ports,
    settings,
    clients: clientsOf(stateDir),
    services: async (...names) =>
      keep(
        await startChild(
          projectDir,
          "services",
          ["local/src/servicesMain.ts", stateDir, ...names],
          {},
        ),
      ),
    host: async () =>
      keep(
        await startChild(
          projectDir,
          "host",
          [
            "local/src/functionsHostMain.ts",
            stateDir,
            join(projectDir, "out", "app"),
          ],
          {
            ASSAY_APP_SETTINGS: JSON.stringify(settings),
          },
        ),
      ),
    async dispose() {
      for (const child of children.reverse()) await child.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
