/** A record without some of its fields. */
export const without = <T extends object, K extends keyof T & string>(
  record: T,
  ...names: K[]
): Omit<T, K> =>
  Object.fromEntries(
    Object.entries(record).filter(([name]) => !names.includes(name as K)),
    // Nothing but these names was left out.
  ) as Omit<T, K>;
