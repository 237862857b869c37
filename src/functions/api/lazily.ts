/** Makes a schema at the first request that needs it: a cold start pays for none. */
export function lazily<Schema>(make: () => Schema): () => Schema {
  let made: Schema | undefined;
  return () => (made ??= make());
}
