export interface Stopwatch {
  /** Ends a stage: its seconds are those since the last one ended. */
  lap(stage: string): void;
  total(): number;
  readonly laps: readonly (readonly [stage: string, seconds: number])[];
}

export function stopwatch(): Stopwatch {
  const startedAt = performance.now();
  let lastAt = startedAt;
  const laps: [string, number][] = [];
  return {
    laps,
    lap(stage) {
      const now = performance.now();
      laps.push([stage, (now - lastAt) / 1000]);
      lastAt = now;
    },
    total: () => (performance.now() - startedAt) / 1000,
  };
}
