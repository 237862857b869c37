/**
 * Every verb of the command line. It loads on any Node with nothing installed: what a verb runs is imported when it
 * is run. `npm run <name>` of each is a line of package.json, which a test holds against this list.
 */
import { foldersWith } from "./setup/paths.mjs";
import { testKinds } from "./steps/testKinds.mjs";

const json = { about: "Ends with a line of JSON for each result." };
const pipeline = {
  what: "the name of the pipeline",
  known: () => foldersWith("pipeline.yaml", "pipelines"),
};

/** @type {readonly import("./verbs.mjs").Verb[]} */
export const verbs = [
  {
    name: "start",
    usage: "npm start -- [--once] [--reset] [--no-sample] [--port 7071]",
    about: "Starts the platform with all pipelines, and stays up.",
    options: {
      once: {
        about: "Ends when all is done: with 0 only if the books balance.",
      },
      reset: { about: "Removes all state first." },
      "no-sample": { about: "Leaves the sample's events out." },
      port: {
        about: "The port of the app's API; 0 takes a free one.",
        takes: "number",
        from: 0,
        to: 65_535,
      },
    },
    run: async (args) =>
      (await import("../local/src/cli/verbs/start.ts")).start(args),
  },
  {
    name: "send",
    usage:
      "npm run send -- <hub> ['<event>'] [--file <path>] [--key <property>]",
    about: "Sends an event to a hub, and shows which answers it changed.",
    takes: [
      { what: "the name of the hub" },
      { what: "the event", isOptional: true },
    ],
    options: {
      file: {
        about: "Sends each line of a file; - is standard input.",
        takes: "path",
      },
      key: {
        about: "The property that is an event's partition key.",
        takes: "property",
      },
    },
    mistake: ({ positionals, values }) => {
      const hasEvent = positionals.length > 1;
      if (values.has("file") && hasEvent)
        return "Write an event or --file, not both.";
      if (values.has("key") && !values.has("file"))
        return "--key goes with --file.";
      return values.has("file") || hasEvent
        ? undefined
        : "Write the event, or --file <path>.";
    },
    run: async (args) =>
      (await import("../local/src/cli/verbs/send.ts")).send(args),
  },
  {
    name: "sql",
    usage: 'npm run sql -- [--pipeline <pipeline>] [--write] "SELECT …"',
    about: "Asks the tables of a pipeline.",
    takes: [{ what: "the statement" }],
    options: {
      pipeline: {
        about: "Whose tables; not needed where there is only one.",
        takes: "pipeline",
      },
      write: { about: "Runs it even if it may change something." },
    },
    run: async (args) =>
      (await import("../local/src/cli/verbs/sql.ts")).sql(args),
  },
  {
    name: "retry",
    usage: "npm run retry -- <pipeline> [--sink <sink>]",
    about: "Tries a blocked batch again, or a blocked sink.",
    takes: [pipeline],
    options: {
      sink: { about: "The sink, instead of the batch.", takes: "sink" },
    },
    run: async (args) =>
      (await import("../local/src/cli/verbs/retry.ts")).retry(args),
  },
  {
    name: "skip",
    usage: "npm run skip -- <pipeline> <batch> [--without-rows]",
    about: "Goes on without a blocked batch.",
    takes: [pipeline, { what: "the number of the batch", from: 1 }],
    options: {
      "without-rows": {
        about: "Also without the rows that silver has counted already.",
      },
    },
    run: async (args) =>
      (await import("../local/src/cli/verbs/skip.ts")).skip(args),
  },
  {
    name: "reload",
    usage: "npm run reload -- <pipeline> <sink> [<table>]",
    about: "Gives a sink its tables again.",
    takes: [
      pipeline,
      { what: "the name of the sink" },
      { what: "the name of the table", isOptional: true },
    ],
    run: async (args) =>
      (await import("../local/src/cli/verbs/reload.ts")).reload(args),
  },
  {
    name: "drop",
    usage: "npm run drop -- <pipeline> [<table>] [--yes]",
    about: "Deletes what a pipeline or a table that is gone has left behind.",
    takes: [
      { what: "the name of the pipeline" },
      { what: "the name of the table", isOptional: true },
    ],
    options: { yes: { about: "Deletes without a question." } },
    run: async (args) =>
      (await import("../local/src/cli/verbs/drop.ts")).drop(args),
  },
  {
    name: "package",
    usage: "npm run package -- [--force]",
    about: "Checks the pipelines, and stages out/app.",
    options: { force: { about: "Stages it even if nothing has changed." } },
    run: script("./package.mjs"),
  },
  {
    name: "check",
    usage: "npm run check",
    about: "Format, lint, types, unit and architecture tests.",
    run: script("./check.mjs"),
  },
  {
    name: "test",
    usage: "npm test -- [unit | integration/lake | …]",
    about: "Runs every test, or the kinds named.",
    takes: [
      {
        what: "a kind of test",
        isOptional: true,
        isRepeated: true,
        oneOf: () => Object.keys(testKinds),
        part: (text) => text.split("/")[0],
      },
    ],
    forTests: true,
    run: script("./test.mjs"),
  },
  {
    name: "bench",
    usage: "npm run bench -- <name> [--json]",
    about: "Measures one figure that we claim.",
    takes: [
      {
        what: "the name of a bench",
        oneOf: () => foldersWith("index.ts", "bench"),
      },
    ],
    options: { json },
    run: script("../bench/run.ts"),
  },
  {
    name: "prove",
    usage: "npm run prove -- <name> [--seed <n>] [--short] [--keep] [--json]",
    about: "Holds one promise that we make against a real run.",
    takes: [
      {
        what: "the name of a proof",
        oneOf: () => foldersWith("index.ts", "bench/prove"),
      },
    ],
    options: {
      seed: {
        about: "All that is left to chance follows from it.",
        takes: "n",
        from: 0,
        to: 2 ** 31 - 1,
      },
      short: { about: "A small form, which a test runs." },
      keep: { about: "Leaves its state for a look at what went wrong." },
      json,
    },
    // A proof may have set-up of its own, which no other command waits for.
    steps: async ({ positionals: [proof] }) =>
      foldersWith("setup.mjs", "bench/prove").includes(proof)
        ? (await import(`../bench/prove/${proof}/setup.mjs`)).steps
        : [],
    run: script("../bench/prove.ts"),
  },
  {
    name: "setup",
    usage: "node scripts/assay.mjs setup",
    about: "Does the set-up, which comes before every verb, and no more.",
    forTests: true,
    run: () => Promise.resolve(),
  },
];

/** @param {string} name */
export function verbNamed(name) {
  const verb = verbs.find((one) => one.name === name);
  if (verb === undefined) throw new Error(`'${name}' is no verb.`);
  return verb;
}

/** A script that reads its arguments from the process, and says by the process's exit code how it went. */
function script(path) {
  return async (args) => {
    process.argv.splice(2, process.argv.length, ...args.all);
    await import(path);
  };
}
