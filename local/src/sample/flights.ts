import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The sample: flights of the US Bureau of Transportation Statistics, as the package `vega-datasets` ships them,
 * in two parts. The second part holds the newest flights, some that come late, and events that no contract allows.
 */
export interface Sample {
  /** Event bodies, in the order of sending, for each partition. */
  readonly parts: readonly (readonly (readonly Buffer[])[])[];
  readonly airports: Buffer;
}

const FIRST_PART = 19_000;
/** Every 300th flight of January and February is held back, and comes two weeks late or more. */
const LATE_EVERY = 300;
const LATE_UNTIL = 12_000;

const flight = {
  date: "2001/03/31 09:00",
  delay: 5,
  distance: 337,
  origin: "SFO",
  destination: "LAX",
};

/** Unparsable; more text after the flight; bytes that are no UTF-8; a delay that is no number. */
export const badEvents: readonly Buffer[] = [
  Buffer.from('{"date":"2001/03/31 09:00","delay":'),
  Buffer.from(`${JSON.stringify(flight)} and more`),
  Buffer.concat([
    Buffer.from(
      '{"date":"2001/03/31 09:00","delay":5,"distance":337,"origin":"',
    ),
    Buffer.of(0xff, 0xfe),
    Buffer.from('"}'),
  ]),
  Buffer.from(JSON.stringify({ ...flight, delay: "five" })),
];

const dataDir = (projectDir: string): string =>
  join(projectDir, "node_modules", "vega-datasets", "data");

export function readSample(projectDir: string, partitions: number): Sample {
  const flights = JSON.parse(
    readFileSync(join(dataDir(projectDir), "flights-20k.json"), "utf8"),
  ) as object[];
  const isLate = (index: number): boolean =>
    index < LATE_UNTIL && index % LATE_EVERY === LATE_EVERY - 1;
  const bodies = flights.map((row) => Buffer.from(JSON.stringify(row)));
  const first = bodies.filter(
    (_, index) => index < FIRST_PART && !isLate(index),
  );
  const rest = bodies.filter(
    (_, index) => index >= FIRST_PART || isLate(index),
  );
  return {
    parts: [first, [...rest, ...badEvents]].map((events) =>
      dealOut(events, partitions),
    ),
    airports: readFileSync(join(dataDir(projectDir), "airports.csv")),
  };
}

const dealOut = (events: readonly Buffer[], partitions: number): Buffer[][] =>
  Array.from({ length: partitions }, (_, partition) =>
    events.filter((_event, index) => index % partitions === partition),
  );
