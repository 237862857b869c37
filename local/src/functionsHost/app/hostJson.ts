import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AppFault, messageOf } from "./appFault.ts";

/** host.json, with what the settings `AzureFunctionsJobHost__…` override. */
export class HostJson {
  readonly #root: unknown;

  private constructor(root: unknown) {
    this.#root = root;
  }

  static read(
    appDir: string,
    settings: NodeJS.ProcessEnv = process.env,
  ): HostJson {
    const path = join(appDir, "host.json");
    if (!existsSync(path))
      throw new AppFault(
        `The app in '${appDir}' has no host.json: it belongs beside package.json.`,
      );
    try {
      const root = JSON.parse(readFileSync(path, "utf8")) as Section;
      for (const [name, value] of Object.entries(settings))
        if (name.startsWith(OVERRIDE))
          override(root, name.slice(OVERRIDE.length).split("__"), value ?? "");
      return new HostJson(root);
    } catch (error) {
      throw new AppFault(
        `The app's host.json is not JSON: ${messageOf(error)}`,
      );
    }
  }

  text(path: string, fallback: string): string {
    const value = this.#at(path);
    return typeof value === "string" ? value : fallback;
  }

  number(path: string, fallback: number): number {
    return this.optionalNumber(path) ?? fallback;
  }

  optionalNumber(path: string): number | undefined {
    const value = this.#at(path);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (!Number.isFinite(number))
      throw new AppFault(
        `host.json: '${path}' must be a number, and is ${JSON.stringify(value)}.`,
      );
    return number;
  }

  /** A .NET TimeSpan, `[d.]hh:mm:ss[.fff]`, in milliseconds. */
  timeSpanMs(path: string, fallback: string): number {
    const value = this.text(path, fallback);
    const ms = timeSpanMs(value);
    if (ms === undefined)
      throw new AppFault(
        `host.json: '${path}' must be a time span such as 00:00:30, and is '${value}'.`,
      );
    return ms;
  }

  #at(path: string): unknown {
    let value = this.#root;
    for (const name of path.split("."))
      value = isSection(value) ? value[keyOf(value, name)] : undefined;
    return value;
  }
}

const OVERRIDE = "AzureFunctionsJobHost__";

type Section = Record<string, unknown>;

const isSection = (value: unknown): value is Section =>
  typeof value === "object" && value !== null;

/** .NET configuration does not tell upper from lower case. */
const keyOf = (section: Section, name: string): string =>
  Object.keys(section).find(
    (key) => key.toLowerCase() === name.toLowerCase(),
  ) ?? name;

function override(root: Section, path: readonly string[], value: string): void {
  let section = root;
  for (const name of path.slice(0, -1)) {
    const key = keyOf(section, name);
    const next = section[key];
    section = isSection(next) ? next : (section[key] = {});
  }
  const last = path.at(-1) ?? "";
  section[keyOf(section, last)] = value;
}

export function timeSpanMs(value: string): number | undefined {
  const match =
    /^(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?$/.exec(value);
  if (match === null) return undefined;
  const [, days = "0", hours, minutes, seconds = "0", fraction = "0"] = match;
  return (
    ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 +
    Number(seconds) * 1000 +
    Number(`0.${fraction}`) * 1000
  );
}
