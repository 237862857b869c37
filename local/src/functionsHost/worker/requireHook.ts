import Module from "node:module";

/** `require("@azure/functions-core")` gives our object to whoever asks, CommonJS or imported from ESM. */
export function installCoreModule(core: object): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- the proxy passes `this` on
  Module.prototype.require = new Proxy(Module.prototype.require, {
    apply(target, self, args: [string]): unknown {
      return args[0] === "@azure/functions-core"
        ? core
        : Reflect.apply(target, self, args);
    },
  });
}
