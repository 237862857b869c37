import { join } from "node:path";
import { fetchJars } from "./jars.mjs";
import {
  certificatePath,
  jarsDir,
  projectDir,
  toolsDir,
  venvDir,
  venvPython,
} from "./paths.mjs";
import { makeVenv, pipInto } from "./python.mjs";
import {
  checkDisk,
  chooseNode,
  findJava,
  findPython,
  npmCommand,
} from "./prerequisites.mjs";
import { run } from "./run.mjs";

const pip = pipInto(venvPython);

/** Every step: what it is made from (its stamp), what it makes, and what must be there before anything starts. */
export const steps = [
  {
    name: "packages",
    title: "npm packages (about a minute)",
    madeFrom: ["package-lock.json"],
    makes: [join(projectDir, "node_modules")],
    check: checkDisk,
    async run() {
      const npm = npmCommand();
      await run(npm.program, [...npm.args, "ci", "--no-audit", "--no-fund"], {
        cwd: projectDir,
      });
    },
  },
  {
    name: "python",
    title: "Python packages with Spark (about a minute, 1 GB)",
    madeFrom: [
      "databricks/requirements-build.lock",
      "databricks/requirements.lock",
    ],
    makes: [venvPython],
    check: findPython,
    async run() {
      await makeVenv(venvDir);
      // pyspark is a source distribution: what builds it is locked too, so nothing is fetched behind the lock's back.
      await pip("--require-hashes", "-r", "databricks/requirements-build.lock");
      await pip(
        "--require-hashes",
        "--no-build-isolation",
        "-r",
        "databricks/requirements.lock",
      );
    },
  },
  {
    name: "wheel",
    title: "the jobs' wheel",
    madeFrom: [
      "databricks/pyproject.toml",
      "databricks/setup.py",
      "databricks/requirements.lock",
    ],
    makes: [venvPython],
    run: () =>
      pip("--no-deps", "--no-build-isolation", "--editable", "databricks"),
  },
  {
    name: "jars",
    title: "Delta Lake's and Avro's jars (10 MB)",
    madeFrom: ["databricks/jars.lock.json"],
    makes: [jarsDir],
    check: findJava,
    run: fetchJars,
  },
  {
    name: "archive",
    title:
      "Spark's classes as one file, which halves every start (a minute or two)",
    madeFrom: [
      "databricks/requirements.lock",
      "databricks/jars.lock.json",
      "local/python/assay_local/archive.py",
      "local/python/assay_local/training.py",
    ],
    madeWith: async () => (await findJava()).home,
    makes: [],
    check: findJava,
    async run() {
      const { home } = await findJava();
      const PYTHONPATH = join(projectDir, "local", "python");
      await run(venvPython, ["-m", "assay_local.archive", toolsDir], {
        cwd: projectDir,
        env: { ...process.env, PYTHONPATH, JAVA_HOME: home },
      });
    },
  },
  {
    name: "certificate",
    title: "the certificate of the local endpoints",
    madeFrom: [],
    makes: [certificatePath],
    run: () =>
      run(
        chooseNode(),
        ["local/src/cli/certificate.ts", join(toolsDir, "certificates")],
        { cwd: projectDir },
      ),
  },
];
