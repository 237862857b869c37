import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { foldersWith, projectDir } from "../../../scripts/setup/paths.mjs";
import { readArguments, UsageError } from "../../../scripts/arguments.mjs";
import { verbNamed, verbs } from "../../../scripts/verbs.mjs";

const read = (name: string, ...args: string[]) =>
  readArguments(verbNamed(name), args);

test("options, flags and arguments come in any order, and after -- everything is an argument", () => {
  expect(read("start", "--port", "0", "--once")).toMatchObject({
    values: new Map([["port", "0"]]),
    flags: new Set(["once"]),
    positionals: [],
  });
  expect(read("retry", "--sink=bell", "weather")).toMatchObject({
    values: new Map([["sink", "bell"]]),
    positionals: ["weather"],
  });
  expect(read("send", "weather", "--", "-5").positionals).toEqual([
    "weather",
    "-5",
  ]);
  expect(read("test", "unit", "integration/lake").positionals).toHaveLength(2);
});

test.each([
  ["start", ["--onc"], "There is no option '--onc'. There are: --once, "],
  ["start", ["-x"], "There is no option '-x'."],
  ["start", ["--toString"], "There is no option '--toString'."],
  ["start", ["now"], "There is no use for 'now' here."],
  ["start", ["--port"], "--port needs a value: write --port <number>."],
  ["start", ["--port", "--once"], "--port needs a value"],
  ["start", ["--port", "65536"], "'65536' is no whole number from 0 to 65535."],
  ["start", ["--once=yes"], "--once takes no value: write --once."],
  ["start", ["--once", "--once"], "--once is given twice: write it once."],
  ["retry", ["flights", "--snik"], "There is: --sink <sink>."],
  ["retry", [], /^Write the name of the pipeline\. There (is|are): /],
  ["skip", ["flights"], "Write the number of the batch."],
  ["skip", ["flights", "0"], "write a whole number from 1 on."],
  ["skip", ["flights", "1", "--sink", "a"], "There is: --without-rows."],
  ["reload", ["flights"], "Write the name of the sink."],
  ["send", ["flights"], "Write the event, or --file <path>."],
  ["send", ["flights", "{}", "--file", "-"], "an event or --file, not both."],
  ["send", ["flights", "{}", "--key", "a"], "--key goes with --file."],
  ["send", ["flights", "-5"], "is written after a --."],
  ["sql", [], "Write the statement."],
  ["sql", ["SELECT 1", "LIMIT 2"], "There is no use for 'LIMIT 2' here."],
  ["package", ["--fore"], "There is: --force."],
  ["check", ["--fix"], "There are no options here."],
  [
    "test",
    ["unti"],
    "'unti' is not a kind of test. There are: unit, orchestrators, python, integration, e2e, coverage.",
  ],
  ["bench", ["htp"], "'htp' is not the name of a bench. There are: coldstart"],
  ["bench", [], "Write the name of a bench. There are: coldstart"],
  ["prove", ["sink"], "'sink' is not the name of a proof. There are: attempts"],
  ["prove", ["sinks", "--sed"], "There is no option '--sed'."],
  ["prove", ["sinks", "--seed", "abc"], "'abc' is no whole number from 0 to "],
  ["prove", ["sinks", "--seed", "1e3"], "'1e3' is no whole number"],
] as const)("%s %j is refused with what to write", (name, args, message) => {
  expect(() => read(name, ...args)).toThrow(UsageError);
  expect(() => read(name, ...args)).toThrow(message);
});

/** The door itself, under this Node, in an empty folder: it finds the project by its own place. */
function door(...args: string[]) {
  const cwd = mkdtempSync(join(tmpdir(), "assay-door-"));
  try {
    return spawnSync(
      process.execPath,
      [join(projectDir, "scripts", "assay.mjs"), ...args],
      // Without a PATH the set-up finds no Java: whoever reaches it is told so.
      { cwd, env: { PATH: "" }, encoding: "utf8" },
    );
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

test("a mistake is told before the set-up begins, with the usage and exit code 2", () => {
  const { status, stderr, stdout } = door("prove", "sinks", "--sed");
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(`Usage: ${verbNamed("prove").usage}`);
  const reached = door("prove", "sinks");
  expect(reached.status).toBe(1);
  expect(reached.stderr).toContain("Java");
});

test("every verb knows --help: what it does, its usage and all its options", () => {
  for (const { name, about, usage, options = {} } of verbs) {
    const { status, stdout } = door(name, "--help");
    expect(status).toBe(0);
    expect(stdout).toContain(`${about}\nUsage: ${usage}\n`);
    for (const [option, { takes }] of Object.entries(options)) {
      expect(stdout).toContain(`  --${option}`);
      expect(usage).toContain(`[--${option}${takes === undefined ? "]" : " "}`);
    }
    for (const line of stdout.trimEnd().split("\n"))
      expect(line.length).toBeLessThanOrEqual(80);
  }
});

test("without a verb all are listed", () => {
  expect(door("--help")).toMatchObject({ status: 0, stderr: "" });
  const { status, stderr } = door("strat");
  expect(status).toBe(2);
  expect(stderr).toContain("'strat' is no verb. There are:\n  npm start");
});

test("every bench and every proof is a folder", () => {
  expect(foldersWith("index.ts", "bench")).toContain("ingest");
  expect(foldersWith("index.ts", "bench/prove")).toEqual(
    expect.arrayContaining(["attempts", "sinks"]),
  );
  expect(foldersWith("index.ts", "nowhere")).toEqual([]);
});
