/**
 * The greatest number that exists, where they exist from 1 on without a hole; 0 when there is none.
 * Gallops up from the hint, then halves: O(log(distance from the hint)) questions, never a listing.
 */
export async function findNewestNumber(
  exists: (number: number) => Promise<boolean>,
  hint = 0,
): Promise<number> {
  let known = hint;
  let missing: number;
  if (known > 0 && !(await exists(known))) {
    // The hint is of a state that is gone: begin anew below it.
    missing = known;
    known = 0;
  } else {
    let step = 1;
    while (await exists(known + step)) {
      known += step;
      step *= 2;
    }
    missing = known + step;
  }
  while (missing - known > 1) {
    const middle = Math.floor((known + missing) / 2);
    if (await exists(middle)) known = middle;
    else missing = middle;
  }
  return known;
}
