import { type Mistake, type Path, type Source, isObject } from "./source.ts";

const REFERENCE = /\$\{([^}]*)\}/g;

type Scalar = string | number | boolean;

/** Values of `${var.x}`, `${bundle.name}` and `${bundle.target}`: nothing else of the bundle language is read here. */
export type Values = ReadonlyMap<string, Scalar>;

/**
 * Replaces the references in every string below `value`; an unknown one is a mistake at its line. A string that is one
 * reference and nothing else takes the variable's type.
 */
export function interpolate(
  value: unknown,
  values: Values,
  source: Source,
  path: Path,
  mistakes: Mistake[],
): unknown {
  if (typeof value === "string") {
    const alone = values.get(/^\$\{([^}]*)\}$/.exec(value)?.[1] ?? "");
    if (alone !== undefined) return alone;
    return value.replace(REFERENCE, (whole, name: string) => {
      const known = values.get(name);
      if (known === undefined)
        mistakes.push(
          source.mistake(
            path,
            `The local workspace does not know ${whole}: it reads \${var.…}, \${bundle.name} and \${bundle.target}.`,
          ),
        );
      return String(known ?? whole);
    });
  }
  if (Array.isArray(value))
    return value.map((item, index) =>
      interpolate(item, values, source, [...path, index], mistakes),
    );
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        interpolate(item, values, source, [...path, key], mistakes),
      ]),
    );
  return value;
}

interface Declared {
  readonly source: Source;
  readonly path: Path;
  readonly value: unknown;
}

/**
 * The value of each variable: the given one (on the command line it would be `BUNDLE_VAR_x`), else the target's, else
 * its default, which may name other variables.
 */
export function resolveVariables(
  declared: ReadonlyMap<string, Declared>,
  given: Readonly<Record<string, string>>,
  constants: Values,
  mistakes: Mistake[],
): Values {
  const values = new Map(constants);
  const visit = (name: string, trail: readonly string[]): void => {
    if (values.has(`var.${name}`)) return;
    const one = declared.get(name);
    if (!one) return;
    const override = given[name];
    if (override !== undefined) {
      values.set(`var.${name}`, override);
      return;
    }
    const { source, path, value } = one;
    if (trail.includes(name))
      mistakes.push(
        source.mistake(path, `Variable ${name} refers to itself.`),
      );
    else if (value === undefined)
      mistakes.push(
        source.mistake(
          path,
          `Variable ${name} has no value: give it a default.`,
        ),
      );
    else if (
      typeof value !== "string" &&
      typeof value !== "number" &&
      typeof value !== "boolean"
    )
      mistakes.push(
        source.mistake(
          path,
          `Variable ${name} is complex or a lookup: the local workspace reads plain values only.`,
        ),
      );
    else {
      for (const [, reference = ""] of String(value).matchAll(REFERENCE))
        if (reference.startsWith("var."))
          visit(reference.slice("var.".length), [...trail, name]);
      const text = interpolate(String(value), values, source, path, mistakes);
      values.set(
        `var.${name}`,
        typeof value === "string" ? String(text) : value,
      );
    }
  };
  for (const name of declared.keys()) visit(name, []);
  return values;
}
