/** A batch of one partition's events as the host gives it: `first` to `last`, one small body each. */
export function aBatch(
  first: number,
  last: number,
  body: (sequence: number) => string = (sequence) => `{"n":${sequence}}`,
  partitionId = "0",
) {
  const sequences = Array.from(
    { length: last - first + 1 },
    (_, index) => first + index,
  );
  return {
    hub: "flights",
    bodies: sequences.map((sequence) => Buffer.from(body(sequence))),
    metadata: {
      partitionContext: { partitionId },
      sequenceNumberArray: sequences,
      offsetArray: sequences.map((sequence) => sequence * 100),
      enqueuedTimeUtcArray: sequences.map(() => "2026-01-01T00:00:00.5"),
      propertiesArray: sequences.map(() => ({})),
      systemPropertiesArray: sequences.map((sequenceNumber) => ({
        sequenceNumber,
      })),
    },
  };
}
