/**
 * Every verb of the command line. It loads on any Node with nothing installed: what a verb runs is imported when it
 * is run. `npm run <name>` of each is a line of package.json, which a test holds against this list.
 *
 * @typedef {object} Verb
 * @property {string} name
 * @property {string} usage what a person types, with every argument
 * @property {true} [forTests] set-up makes what only the tests use too
 * @property {(args: readonly string[]) => Promise<number | void>} run resolves with the exit code, if it has one
 */

/** @type {readonly Verb[]} */
export const verbs = [
  {
    name: "start",
    usage: "npm start -- [--once] [--reset] [--no-sample] [--port 7071]",
    run: async (args) =>
      (await import("../local/src/cli/verbs/start.ts")).start(args),
  },
  {
    name: "send",
    usage: "npm run send -- <hub> '<event>'",
    run: async (args) =>
      (await import("../local/src/cli/verbs/send.ts")).send(args),
  },
  {
    name: "sql",
    usage: 'npm run sql -- [--pipeline <pipeline>] "SELECT …"',
    run: async (args) =>
      (await import("../local/src/cli/verbs/sql.ts")).sql(args),
  },
  {
    name: "retry",
    usage: "npm run retry -- <pipeline> [--sink <sink>]",
    run: async (args) =>
      (await import("../local/src/cli/verbs/retry.ts")).retry(args),
  },
  {
    name: "skip",
    usage: "npm run skip -- <pipeline> <batch>",
    run: async (args) =>
      (await import("../local/src/cli/verbs/skip.ts")).skip(args),
  },
  {
    name: "reload",
    usage: "npm run reload -- <pipeline> <sink> [<table>]",
    run: async (args) =>
      (await import("../local/src/cli/verbs/reload.ts")).reload(args),
  },
  {
    name: "package",
    usage: "npm run package -- [--force]",
    run: script("./package.mjs"),
  },
  { name: "check", usage: "npm run check", run: script("./check.mjs") },
  {
    name: "test",
    usage: "npm test -- [unit | integration/lake | …]",
    forTests: true,
    run: script("./test.mjs"),
  },
  {
    name: "bench",
    usage: "npm run bench -- <name> [--json]",
    run: script("../bench/run.ts"),
  },
  {
    name: "prove",
    usage: "npm run prove -- <name> [--json]",
    run: script("../bench/prove.ts"),
  },
  {
    name: "setup",
    usage: "node scripts/assay.mjs setup",
    forTests: true,
    // The set-up comes before every verb: this one is nothing but it.
    run: () => Promise.resolve(),
  },
];

/** A script that reads its arguments from the process, and says by the process's exit code how it went. */
function script(path) {
  return async (args) => {
    process.argv.splice(2, process.argv.length, ...args);
    await import(path);
  };
}
