/** Requests of operators as the lake holds them: people write them by hand, too. */
import type { OperatorRequest } from "./records.ts";

const ID = /^\d{8}T\d{9}Z-[0-9a-f]{6}$/;

/** `<yyyymmddThhmmssmmmZ>-<6 hex>` */
export const isRequestId = (text: string): boolean => ID.test(text);

const NAME = /^[a-z][a-z0-9_]{0,62}$/;
const isName = (value: unknown): boolean =>
  typeof value === "string" && NAME.test(value);
const isText = (value: unknown): boolean => typeof value === "string";

const VERSION: OperatorRequest["version"] = 3;

const COMMON = {
  version: (value: unknown) => value === VERSION,
  id: isText,
  createdAt: isText,
  kind: isText,
};
/** What each key has to be, by the kind of the request; a key with a `?` may be left out. */
const FORMS: Readonly<
  Record<
    OperatorRequest["kind"],
    Readonly<Record<string, (value: unknown) => boolean>>
  >
> = {
  retry: { ...COMMON, "sink?": isName },
  skip: {
    ...COMMON,
    batch: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
    "withoutRows?": (value) => value === true,
  },
  reload: { ...COMMON, sink: isName, "table?": isName },
};

/**
 * A request as its schema has it; undefined for anything else. People write them, and the app carries no validator of
 * schemas: the forms are here once more, and a test compares the two.
 */
export function parseRequest(
  id: string,
  text: string,
): OperatorRequest | undefined {
  const found = parseObject(text);
  const kind = found["kind"];
  if (kind !== "retry" && kind !== "skip" && kind !== "reload")
    return undefined;
  const form = FORMS[kind];
  const isKnown = Object.keys(found).every(
    (key) => Object.hasOwn(form, key) || Object.hasOwn(form, `${key}?`),
  );
  const isRight = Object.entries(form).every(([key, isValid]) => {
    const name = key.replace("?", "");
    return Object.hasOwn(found, name)
      ? isValid(found[name])
      : key.endsWith("?");
  });
  // Every key was compared with the form of its kind.
  return isKnown && isRight ? ({ ...found, id } as OperatorRequest) : undefined;
}

/** Without keys where the text is no object of JSON. */
function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null
      ? Object.fromEntries(Object.entries(found))
      : {};
  } catch {
    return {};
  }
}
