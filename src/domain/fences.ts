const FENCE = /^\d{8}T\d{9}Z-[0-9a-f]{6}\/\d{10}$/;

/**
 * What a document remembers of the batch that wrote it. It sorts as text: a later incarnation or a later batch is
 * greater. It becomes part of a condition's text (a patch condition takes no parameters), so its alphabet is fixed.
 */
export function fenceOf(incarnation: string, batch: number): string {
  const fence = `${incarnation}/${String(batch).padStart(10, "0")}`;
  if (!FENCE.test(fence)) throw new RangeError(`${fence} is no fence.`);
  return fence;
}

/** True for documents of this batch or an older one. */
export const notNewerThan = (fence: string): string =>
  `FROM c WHERE c.fence <= "${fence}"`;
