import { z } from "zod";

/**
 * The part of JSON Schema (2020-12) that is checked at scale, in SQL: flat objects. A keyword that is not here is
 * refused, never ignored. What `assay_jobs.contract` refuses beyond that, `contracts.ts` asks it.
 */

const notes = {
  $comment: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).min(1).optional(),
  const: z.unknown().optional(),
};

const typed = (kinds: readonly string[]): z.ZodType => {
  const kind = z.enum([...kinds, "null"]);
  return z.union([z.enum(kinds), z.array(kind).min(1)]);
};

const bound = z.number({ error: "write a number." }).optional();
const length = z.int({ error: "write a length." }).min(0).optional();
const pattern = z
  .string({ error: "write a regular expression." })
  .refine(isPattern, { error: "is no regular expression of JSON Schema." })
  .optional();

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, "u").source !== "";
  } catch {
    return false;
  }
}

const propertyShapes = {
  number: z.strictObject({
    ...notes,
    type: typed(["integer", "number"]),
    minimum: bound,
    maximum: bound,
    exclusiveMinimum: bound,
    exclusiveMaximum: bound,
  }),
  string: z.strictObject({
    ...notes,
    type: typed(["string"]),
    minLength: length,
    maxLength: length,
    pattern,
    format: z
      .enum(["date", "date-time"], {
        error: "write date or date-time: other formats are not checked.",
      })
      .optional(),
    "x-parse": z
      .string({
        error: 'write a pattern of date and time, such as "yyyy/MM/dd HH:mm".',
      })
      .optional(),
  }),
  boolean: z.strictObject({ ...notes, type: typed(["boolean"]) }),
};

const kindOf = (type: unknown): keyof typeof propertyShapes | undefined => {
  const kinds = new Set(
    (Array.isArray(type) ? type : [type]).filter((kind) => kind !== "null"),
  );
  if (kinds.size === 0) return undefined;
  if ([...kinds].every((kind) => kind === "integer" || kind === "number"))
    return "number";
  if (kinds.size > 1) return undefined;
  if (kinds.has("string")) return "string";
  return kinds.has("boolean") ? "boolean" : undefined;
};

const property = z
  .looseObject({}, { error: "write an object with a type." })
  .transform((value, context) => {
    const kind = kindOf(value["type"]);
    if (kind === undefined) {
      const message =
        "type must be integer, number, string or boolean, alone or with null.";
      context.issues.push({
        code: "custom",
        message,
        path: ["type"],
        input: value,
      });
      return z.NEVER;
    }
    const result = propertyShapes[kind].safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues)
      context.issues.push({ ...issue, input: value } as never);
    return z.NEVER;
  });

const propertyName = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_]*$/,
    "is no name of a property: letters, digits and underscores, a letter first.",
  );

export const contractFile = z
  .strictObject({
    $schema: z.string().optional(),
    $id: z.string().optional(),
    $comment: z.string().optional(),
    title: z.string().optional(),
    description: z.string().optional(),
    type: z
      .literal("object", { error: "write object: one event is one object." })
      .optional(),
    required: z.array(z.string()).default([]),
    properties: z.record(propertyName, property, {
      error: "write the properties of one event.",
    }),
    additionalProperties: z
      .boolean({ error: "write true or false." })
      .optional(),
    "x-key": z.array(z.string()).min(1).optional(),
  })
  .superRefine((contract, context) => {
    const columns = new Map<string, string>();
    for (const name of Object.keys(contract.properties)) {
      const other = columns.get(name.toLowerCase());
      if (other === undefined) columns.set(name.toLowerCase(), name);
      else
        context.addIssue({
          code: "custom",
          path: ["properties", name],
          message: `is the column ${other} already, whose name differs in upper and lower case only: write another name.`,
        });
    }
    for (const keyword of ["required", "x-key"] as const) {
      for (const [index, name] of (contract[keyword] ?? []).entries()) {
        if (name in contract.properties) continue;
        context.addIssue({
          code: "custom",
          path: [keyword, index],
          message: `${name} is not among the properties.`,
        });
      }
    }
  });

export type Contract = z.infer<typeof contractFile>;

/** The keywords that are known at a place of a contract, for suggestions. */
export function keywordsAt(
  path: readonly PropertyKey[],
  value: unknown,
): readonly string[] {
  if (path[0] !== "properties")
    return [
      "required",
      "properties",
      "additionalProperties",
      "x-key",
      "description",
    ];
  const properties =
    (value as { properties?: Record<PropertyKey, { type?: unknown }> })
      .properties ?? {};
  const kind = kindOf(properties[path[1] ?? ""]?.type);
  return kind === undefined ? [] : Object.keys(propertyShapes[kind].shape);
}

/** Whether a property can be read as an instant: what an event time must be. */
export function isInstant(contract: Contract, name: string): boolean {
  const found = contract.properties[name] as
    { format?: string; "x-parse"?: string } | undefined;
  return (
    found !== undefined &&
    (found["x-parse"] !== undefined || found.format !== undefined)
  );
}
