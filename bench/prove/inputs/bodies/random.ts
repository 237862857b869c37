/** Values that follow from a seed. */
import type { Chance } from "../../chance.ts";
import { naughtyTexts } from "../naughty.ts";

/** No zero character and no half of a pair: `naughtyTexts` says why. */
export const randomText = (chance: Chance): string =>
  Array.from({ length: chance.between(1, 4) }, () =>
    chance.oneIn(3) ? randomLetter(chance) : chance.pick(naughtyTexts),
  ).join("");

function randomLetter(chance: Chance): string {
  const code = chance.between(1, chance.oneIn(4) ? 0x10_ffff : 0x2ff);
  return String.fromCodePoint(code >= 0xd800 && code <= 0xdfff ? 0xe9 : code);
}

const digits = (chance: Chance, count: number): string =>
  Array.from({ length: count }, () => chance.between(0, 9)).join("");

/** A number of JSON of any size, in any way to write it. */
export function randomNumber(chance: Chance): string {
  const sign = chance.oneIn(2) ? "-" : "";
  const whole = chance.oneIn(4)
    ? "0"
    : `${chance.between(1, 9)}${digits(chance, chance.between(0, 22))}`;
  const part = chance.oneIn(2)
    ? `.${digits(chance, chance.between(1, 25))}`
    : "";
  const exponent = chance.oneIn(3)
    ? `${chance.pick(["e", "E", "e+", "e-"])}${chance.between(0, chance.oneIn(5) ? 330 : 20)}`
    : "";
  return `${sign}${whole}${part}${exponent}`;
}

/** Of the past: what lies ahead has a test of its own. */
export function randomInstant(chance: Chance): string {
  const time = new Date(chance.between(0, 1_700_000_000) * 1000);
  const [day, clock = ""] = time.toISOString().split("T");
  const zone = chance.pick(["Z", "z", "+00:00", "+05:45", "-09:30"]);
  return `${day}T${clock.slice(0, 8)}${chance.oneIn(2) ? `.${digits(chance, chance.between(1, 9))}` : ""}${zone}`;
}
