/** The tests of the files that were loaded: as much of jest as they use. */
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { clearTimeout, setTimeout } from "node:timers";
import { pathToFileURL } from "node:url";

/** Milliseconds. Many times jest's: the machine has other work, and a mutant that hangs is seen by other tests first. */
const LIMIT_MS = 20_000;
const LIMIT_FACTOR = 4;
const HOOKS = ["beforeAll", "beforeEach", "afterEach", "afterAll"];

export class Suite {
  tests = [];
  byId = new Map();
  #stryker;
  #file;
  #scope;
  /** What began for the tests of one file is ended when a test of another one is run. */
  #begun = { file: undefined, scopes: new Set() };

  constructor({ stryker, expect, each }) {
    this.#stryker = stryker;
    const test = (name, run, limit) => this.#add(name, run, limit);
    test.each = each(test);
    const describe = (name, fill) => this.#within(name, fill);
    describe.each = each(describe);
    const hooks = HOOKS.map((hook) => [
      hook,
      (run) => void this.#scope.hooks[hook].push(run),
    ]);
    Object.assign(globalThis, {
      ...{ expect, test, it: test, describe },
      ...Object.fromEntries(hooks),
    });
  }

  async load(file) {
    this.#file = file;
    this.#scope = scopeIn(undefined, file);
    await import(pathToFileURL(join(process.cwd(), file)));
  }

  #within(name, fill) {
    const outer = this.#scope;
    this.#scope = scopeIn(outer, `${outer.name} ${name}`);
    fill();
    this.#scope = outer;
  }

  #add(name, run, limit = LIMIT_MS / LIMIT_FACTOR) {
    const id = `${this.#scope.name} ${name}`;
    const limitMs = limit * LIMIT_FACTOR;
    const test = { id, file: this.#file, scope: this.#scope, run, limitMs };
    this.tests.push(test);
    this.byId.set(id, test);
  }

  /** `problem`: why it failed. `ms` is the clock's time, `cpuMs` the processor's. */
  async run({ id, file, scope, run, limitMs }) {
    const startedAt = performance.now();
    const usedBefore = cpuMs();
    this.#stryker.currentTestId = id;
    let problem;
    try {
      await this.#begin(file, scope);
      await within(limitMs, async () => {
        for (const hook of hooksOf(scope, "beforeEach")) await hook();
        await run();
      });
    } catch (error) {
      problem = textOf(error);
    }
    for (const hook of hooksOf(scope, "afterEach").reverse())
      try {
        await within(limitMs, hook);
      } catch (error) {
        problem ??= textOf(error);
      }
    this.#stryker.currentTestId = undefined;
    return {
      ...{ id, file, problem },
      ms: Math.ceil(performance.now() - startedAt),
      cpuMs: cpuMs() - usedBefore,
    };
  }

  async #begin(file, scope) {
    if (this.#begun.file !== file) {
      const { scopes } = this.#begun;
      this.#begun = { file, scopes: new Set() };
      for (const old of scopes)
        for (const hook of old.hooks.afterAll) await hook();
    }
    for (const each of outerFirst(scope)) {
      if (this.#begun.scopes.has(each)) continue;
      this.#begun.scopes.add(each);
      for (const hook of each.hooks.beforeAll) await hook();
    }
  }
}

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const scopeIn = (outer, name) => ({
  ...{ outer, name },
  hooks: Object.fromEntries(HOOKS.map((hook) => [hook, []])),
});

const outerFirst = (scope) =>
  scope === undefined ? [] : [...outerFirst(scope.outer), scope];

const hooksOf = (scope, hook) =>
  outerFirst(scope).flatMap(({ hooks }) => hooks[hook]);

const textOf = (error) => String(error?.message ?? error).slice(0, 300);

async function within(limitMs, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`It took longer than ${limitMs} ms.`)),
      limitMs,
    );
  });
  try {
    return await Promise.race([Promise.resolve().then(work), late]);
  } finally {
    clearTimeout(timer);
  }
}
