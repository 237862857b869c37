/** What one process remembers to ask less. It may be lost or stale at any moment: nothing depends on it being right. */
export type Caches = Map<() => unknown, unknown>;

export const createCaches = (): Caches => new Map();

/**
 * Defines a cache of the module that calls this: the result finds its content among the caches of a context, and
 * makes it when it is first asked for.
 */
export const defineCache =
  <T>(make: () => T) =>
  ({ caches }: { readonly caches: Caches }): T => {
    if (!caches.has(make)) caches.set(make, make());
    return caches.get(make) as T;
  };
