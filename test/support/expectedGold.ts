import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { projectDir } from "../../local/src/platform/folders.ts";

/** One flight of the sample. */
export interface Flight {
  readonly date: string;
  readonly delay: number;
  readonly distance: number;
  readonly origin: string;
  readonly destination: string;
}

export type Row = Readonly<Record<string, string | number | null>>;

const data = join(projectDir, "node_modules", "vega-datasets", "data");

export const readFlights = (): Flight[] =>
  JSON.parse(readFileSync(join(data, "flights-20k.json"), "utf8")) as Flight[];

const readAirports = (): Map<string, Record<string, string>> => {
  const rows = parse(readFileSync(join(data, "airports.csv")), {
    columns: true,
  }) as unknown as Record<string, string>[];
  return new Map(rows.map((row) => [row["iata"] ?? "", row]));
};

/** Gold as plain arithmetic over the source data gives it, by `key/key`: no Spark, nothing of the product. */
export function expectedGold(
  flights: readonly Flight[],
  delayedAfter = 15,
): {
  airport_delays: Map<string, Row>;
  route_delays: Map<string, Row>;
} {
  const airports = readAirports();
  const airport_delays = new Map<string, Row>();
  const dayOf = ({ date }: Flight): string =>
    date.slice(0, 10).replaceAll("/", "-");
  for (const [key, group] of groupBy(
    flights,
    (flight) => `${flight.origin}/${dayOf(flight)}`,
  )) {
    const [airport = "", day = ""] = key.split("/");
    const about = airports.get(airport);
    airport_delays.set(key, {
      airport,
      day,
      ...delayFigures(group, delayedAfter),
      name: about?.["name"] ?? null,
      city: about?.["city"] ?? null,
      state: about?.["state"] ?? null,
      latitude: rounded(Number(about?.["latitude"])),
      longitude: rounded(Number(about?.["longitude"])),
    });
  }
  const route_delays = new Map<string, Row>();
  for (const [key, group] of groupBy(
    flights,
    ({ origin, destination }) => `${origin}/${destination}`,
  )) {
    const [origin = "", destination = ""] = key.split("/");
    route_delays.set(key, {
      origin,
      destination,
      ...delayFigures(group, delayedAfter),
    });
  }
  return { airport_delays, route_delays };
}

function delayFigures(group: readonly Flight[], delayedAfter: number): Row {
  const delays = group.map(({ delay }) => delay);
  return {
    flights: group.length,
    mean_delay: rounded(mean(delays)),
    p90_delay: rounded(percentile(delays, 0.9)),
    share_delayed: rounded(
      delays.filter((delay) => delay > delayedAfter).length / delays.length,
    ),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Linear interpolation between the two nearest ranks. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const below = sorted[Math.floor(rank)] ?? Number.NaN;
  const above = sorted[Math.ceil(rank)] ?? Number.NaN;
  return below + (above - below) * (rank - Math.floor(rank));
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Where two rows differ; numbers may differ by the last of six decimals. Columns that are not expected do not count. */
export function differences(expected: Row, actual: Row | undefined): string[] {
  if (actual === undefined) return ["the row is missing"];
  return Object.entries(expected).flatMap(([column, value]) => {
    const other = actual[column];
    const same =
      typeof value === "number" && typeof other === "number"
        ? Math.abs(value - other) <= 1.000001e-6
        : value === other;
    return same
      ? []
      : [`${column}: ${String(other)} instead of ${String(value)}`];
  });
}
