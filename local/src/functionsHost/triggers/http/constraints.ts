import { AppFault } from "../../app/appFault.ts";

type Check = (value: string, ...limits: number[]) => boolean;

const isInteger = (value: string, bits: number): boolean =>
  /^[+-]?\d+$/.test(value) &&
  BigInt.asIntN(bits, BigInt(value)) === BigInt(value);

/** The constraints of ASP.NET's routes that this host knows. */
const constraints: Readonly<Record<string, Check>> = {
  int: (value) => isInteger(value, 32),
  long: (value) => isInteger(value, 64),
  bool: (value) => /^(true|false)$/i.test(value),
  guid: (value) =>
    /^\{?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\}?$/i.test(value),
  alpha: (value) => /^[a-z]*$/i.test(value),
  decimal: (value) => /^[+-]?\d*\.?\d+$/.test(value),
  double: (value) => Number.isFinite(Number(value)),
  float: (value) => Number.isFinite(Number(value)),
  required: (value) => value !== "",
  minlength: (value, least = 0) => value.length >= least,
  maxlength: (value, most = Infinity) => value.length <= most,
  length: (value, least = 0, most = least) =>
    value.length >= least && value.length <= most,
  min: (value, least = -Infinity) => Number(value) >= least,
  max: (value, most = Infinity) => Number(value) <= most,
  range: (value, least = -Infinity, most = Infinity) =>
    Number(value) >= least && Number(value) <= most,
};

/** `:int:min(1)` as one test. */
export function checks(
  texts: string,
  where: string,
): (value: string) => boolean {
  const all = texts
    .split(":")
    .filter((text) => text !== "")
    .map((text) => {
      const [, name = "", limits = ""] =
        /^(\w+)(?:\((.*)\))?$/.exec(text) ?? [];
      const check = constraints[name];
      if (check === undefined)
        throw new AppFault(
          `${where} has a route with the constraint '${text}', which the local host does not know.`,
        );
      const numbers = limits === "" ? [] : limits.split(",").map(Number);
      return (value: string) => check(value, ...numbers);
    });
  return (value) => all.every((check) => check(value));
}
