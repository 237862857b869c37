export interface Stopwatch {
  /** Ends a stage: its seconds are those since the last one ended. */
  readonly lap: () => number;
  readonly total: () => number;
}

export function stopwatch(): Stopwatch {
  const startedAt = performance.now();
  let lastAt = startedAt;
  return {
    lap() {
      const now = performance.now();
      const seconds = (now - lastAt) / 1000;
      lastAt = now;
      return seconds;
    },
    total: () => (performance.now() - startedAt) / 1000,
  };
}
