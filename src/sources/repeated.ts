/** The entries whose name an earlier one has, with that one. */
export function repeated<Entry>(
  entries: readonly Entry[],
  nameOf: (entry: Entry) => string,
): { entry: Entry; first: Entry }[] {
  const firsts = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const first = firsts.get(nameOf(entry));
    if (first !== undefined) return [{ entry, first }];
    firsts.set(nameOf(entry), entry);
    return [];
  });
}
