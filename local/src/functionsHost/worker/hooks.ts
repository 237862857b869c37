/** Hooks run in order of registration, each awaited before the next. */
export const hookNames = [
  "preInvocation",
  "postInvocation",
  "appStart",
  "appTerminate",
  "log",
] as const;
export type HookName = (typeof hookNames)[number];
export type HookCallback = (context: object) => unknown;

export class Hooks {
  readonly #callbacks = new Map<HookName, HookCallback[]>(
    hookNames.map((name) => [name, []]),
  );

  add(name: HookName, callback: HookCallback): () => void {
    const list = this.of(name);
    list.push(callback);
    return () => {
      const index = list.indexOf(callback);
      if (index >= 0) list.splice(index, 1);
    };
  }

  has(name: HookName): boolean {
    return this.of(name).length > 0;
  }

  async run(name: HookName, context: object): Promise<void> {
    for (const callback of [...this.of(name)]) await callback(context);
  }

  /** Log hooks cannot be awaited: a log call is not asynchronous. */
  runNow(name: HookName, context: object): void {
    for (const callback of [...this.of(name)]) callback(context);
  }

  private of(name: HookName): HookCallback[] {
    return this.#callbacks.get(name) ?? [];
  }
}
