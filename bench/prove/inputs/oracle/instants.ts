/** Instants as their texts say them, by the Gregorian calendar carried back before its begin, without the product's code. */

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/u;

/** Microseconds since 1970, what is smaller cut off; undefined for what is no instant with a zone. */
export function microsecondsOf(text: string): bigint | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, ...parts] = match;
  const [year, month, day, hour, minute, second] = parts.map(Number);
  const [fraction = "", sign, zoneHours, zoneMinutes] = parts.slice(6);
  const date = new Date(0);
  // The constructor and Date.UTC take years below 100 for others.
  date.setUTCFullYear(year ?? 0, (month ?? 1) - 1, day);
  date.setUTCHours(hour ?? 0, minute, second);
  const offset = Number(zoneHours ?? 0) * 60 + Number(zoneMinutes ?? 0);
  const offsetMs = offset * 60_000 * (sign === "-" ? -1 : 1);
  const micros = BigInt(fraction.slice(0, 6).padEnd(6, "0"));
  return BigInt(date.getTime() - offsetMs) * 1_000n + micros;
}
