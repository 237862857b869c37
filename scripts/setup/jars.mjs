import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { jarsDir, projectDir } from "./paths.mjs";
import { SetupError } from "./run.mjs";

const MAVEN_CENTRAL = "https://repo1.maven.org/maven2";

/** Downloads what is missing. ASSAY_MAVEN names a mirror, for networks that reach no other. */
export async function fetchJars() {
  const base = (process.env.ASSAY_MAVEN ?? MAVEN_CENTRAL).replace(/\/+$/, "");
  const jars = JSON.parse(
    await readFile(join(projectDir, "databricks/jars.lock.json"), "utf8"),
  );
  await mkdir(jarsDir, { recursive: true });
  await Promise.all(jars.map((jar) => fetchJar(base, jar)));
}

async function fetchJar(base, { path, sha256 }) {
  const target = join(jarsDir, basename(path));
  const have = await readFile(target).catch(() => undefined);
  if (have && digest(have) === sha256) return;
  const response = await fetch(`${base}/${path}`).catch((error) => {
    throw new SetupError(
      `${base} cannot be reached (${error.cause?.code ?? error.message}): set ASSAY_MAVEN to a mirror.`,
    );
  });
  if (!response.ok)
    throw new SetupError(
      `${base}/${path} answered ${response.status}: set ASSAY_MAVEN to a mirror.`,
    );
  const bytes = Buffer.from(await response.arrayBuffer());
  if (digest(bytes) !== sha256) {
    throw new SetupError(
      `${base}/${path} is not the file of databricks/jars.lock.json: its SHA-256 differs.`,
    );
  }
  await writeFile(`${target}.part`, bytes);
  await rename(`${target}.part`, target);
}

const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");
