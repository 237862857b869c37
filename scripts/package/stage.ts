import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Definition } from "../../src/domain/definition.ts";
import { routes } from "../../src/functions/api/routes.ts";
import { bundleApp } from "./bundle.ts";
import { openapiOf } from "./openapi.ts";

/** Writes the folder that is deployed: beside the old one first, so that a failure leaves the old one whole. */
export async function stageApp(
  projectDir: string,
  definitions: readonly Definition[],
  hostJson: object,
): Promise<void> {
  const target = join(projectDir, "out", "app");
  const next = join(projectDir, "out", "app.next");
  rmSync(next, { recursive: true, force: true });
  mkdirSync(join(next, "pipelines"), { recursive: true });
  const { main, onFirstUse } = await bundleApp(projectDir, join(next, "dist"));
  for (const definition of definitions) {
    writeFileSync(
      join(next, "pipelines", `${definition.pipeline}.json`),
      JSON.stringify(definition),
    );
  }
  writeFileSync(
    join(next, "host.json"),
    JSON.stringify(hostJson, null, 2) + "\n",
  );
  const { name, version, engines } = JSON.parse(
    readFileSync(join(projectDir, "package.json"), "utf8"),
  ) as {
    name: string;
    version: string;
    engines: object;
  };
  const staged = {
    name,
    version,
    private: true,
    main: `dist/${main}`,
    engines,
  };
  writeFileSync(
    join(next, "package.json"),
    JSON.stringify(staged, null, 2) + "\n",
  );
  writeFileSync(
    join(next, "openapi.json"),
    JSON.stringify(openapiOf(routes, version)),
  );
  // For the bench of the cold start; not deployed.
  writeFileSync(
    join(projectDir, "out", "onFirstUse.json"),
    JSON.stringify(onFirstUse),
  );
  rmSync(target, { recursive: true, force: true });
  renameSync(next, target);
}
