/** As .NET writes a time of no stated zone: without Z, and without a fraction's last zeros. */
export const dotnetTime = (time: Date): string =>
  time.toISOString().replace(/\.?0*Z$/, "");

/** As .NET writes an instant with its offset. */
export const dotnetInstant = (time: Date): string =>
  `${dotnetTime(time)}+00:00`;
