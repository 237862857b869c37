import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { packagedNode, toolsDir } from "./paths.mjs";
import { SetupError } from "./run.mjs";

const execute = promisify(execFile);

/** Node 22.19 is the first of its line that runs TypeScript as it is and lets a process add a certificate. */
export const isSupportedNode = (version) => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major === 24 || (major === 22 && minor >= 19);
};

/** This Node when the Azure SDKs support it, else the one that npm installed as a package. */
export function chooseNode() {
  if (isSupportedNode(process.versions.node)) return process.execPath;
  const packaged = packagedNode();
  if (packaged) return packaged;
  throw new SetupError(
    `Node ${process.versions.node} is not supported, and npm has no Node package for ${process.platform}-${process.arch}: install Node 24 (nodejs.org).`,
  );
}

const PYTHONS = ["python3.12", "python3.13", "python3.11", "python3", "python"];

/** The first Python from 3.11 to 3.13 on the PATH. */
export async function findPython() {
  const seen = [];
  for (const name of PYTHONS) {
    try {
      const { stdout } = await execute(name, [
        "-c",
        "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])",
      ]);
      const version = stdout.trim();
      if (["3.11", "3.12", "3.13"].includes(version))
        return { program: name, version };
      seen.push(version);
    } catch {
      // Not installed under this name, or without the venv module: the next one may be there.
    }
  }
  const found =
    seen.length > 0 ? ` (found ${[...new Set(seen)].join(", ")})` : "";
  throw new SetupError(
    `Python 3.11, 3.12 or 3.13 with its venv module is needed${found}: install it (python.org, or apt install python3 python3-venv) and start again.`,
  );
}

const JAVAS = [17, 21];

/** The Java of JAVA_HOME or of the PATH: 17 or 21, which are the ones that Spark 4.1 runs on. */
export async function findJava() {
  const candidates = [
    process.env.JAVA_HOME && join(process.env.JAVA_HOME, "bin", "java"),
    "java",
  ].filter(Boolean);
  const seen = [];
  for (const program of candidates) {
    try {
      const { stderr } = await execute(program, [
        "-XshowSettings:properties",
        "-version",
      ]);
      const version = /java\.specification\.version = (\d+)/.exec(stderr)?.[1];
      const home = /java\.home = (.+)/.exec(stderr)?.[1]?.trim();
      if (home && JAVAS.includes(Number(version))) return { home, version };
      seen.push(version);
    } catch {
      // Not there: the next one may be.
    }
  }
  const found = seen.length > 0 ? ` (found Java ${seen.join(", ")})` : "";
  throw new SetupError(
    `Java 17 or 21 is needed to run Spark${found}: install it (adoptium.net, or apt install openjdk-17-jre-headless) or set JAVA_HOME, and start again.`,
  );
}

const NEEDED_BYTES = 3 * 1024 ** 3;

/** Packages, Spark and the sample's state take about 2.5 GB. */
export async function checkDisk() {
  await mkdir(toolsDir, { recursive: true });
  const { bavail, bsize } = await statfs(dirname(toolsDir));
  if (bavail * bsize < NEEDED_BYTES) {
    const free = ((bavail * bsize) / 1024 ** 3).toFixed(1);
    throw new SetupError(
      `There are ${free} GB free here, and set-up needs 3 GB: free some space and start again.`,
    );
  }
}

/** npm, run by the very Node that runs us, so that no other one on the PATH is taken. */
export function npmCommand() {
  const script = process.env.npm_execpath;
  if (script && existsSync(script))
    return { program: process.execPath, args: [script] };
  return { program: "npm", args: [] };
}
