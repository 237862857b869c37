import { errors, fail } from "../errors.ts";
import { MAX_PATCH_OPERATIONS } from "../limits.ts";
import {
  isArray,
  isObject,
  isPrimitive,
  type Json,
  type JsonObject,
} from "../sql/values.ts";

interface Patch {
  readonly condition: string | undefined;
  readonly operations: readonly PatchOperation[];
}

interface PatchOperation {
  readonly op: string;
  readonly path: readonly string[];
  readonly from: readonly string[];
  readonly value: Json | undefined;
}

/** What a patch may change: a copy of the document. */
type Node = Json[] | { [key: string]: Json };

const SYSTEM = new Set(["id", "_rid", "_self", "_etag", "_ts", "_attachments"]);

/** Reads `[…]` or `{condition, operations: […]}`. */
export function parsePatch(body: Json): Patch {
  const operations = isObject(body) ? body["operations"] : body;
  const condition = isObject(body) ? body["condition"] : undefined;
  if (!isArray(operations) || operations.length === 0)
    return fail(errors.badRequest, "A patch needs operations.");
  if (operations.length > MAX_PATCH_OPERATIONS)
    fail(
      errors.badRequest,
      "The number of patch operations can't exceed '10'.",
    );
  if (condition !== undefined && typeof condition !== "string")
    return fail(errors.badRequest, "The condition of a patch is a text.");
  return { condition, operations: operations.map(parseOperation) };
}

function parseOperation(body: Json): PatchOperation {
  if (!isObject(body) || typeof body["op"] !== "string")
    return fail(errors.badRequest, "A patch operation needs an op.");
  const { op, path, from, value } = body;
  return {
    op,
    path: parsePath(path),
    from: op === "move" ? parsePath(from) : [],
    value,
  };
}

/** A JSON pointer (RFC 6901). */
function parsePath(path: Json | undefined): string[] {
  if (typeof path !== "string" || !path.startsWith("/") || path.length < 2)
    return fail(errors.badRequest, "The path of a patch begins with '/'.");
  return path
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The document after the patch. */
export function patched(
  body: JsonObject,
  { operations }: Patch,
  keyPaths: readonly (readonly string[])[],
): JsonObject {
  const copy: { [key: string]: Json } = structuredClone(body);
  operations.forEach((operation, index) => {
    for (const path of [operation.path, operation.from])
      refuseFinal(path, keyPaths);
    apply(copy, operation, (message) =>
      fail(
        errors.badRequest,
        `For Operation(${String(index + 1)}): ${message} Learn more: https://aka.ms/cosmosdbpatchdocs`,
      ),
    );
  });
  return copy;
}

function refuseFinal(
  path: readonly string[],
  keyPaths: readonly (readonly string[])[],
): void {
  const [first] = path;
  if (first === undefined) return;
  const isKey = keyPaths.some((key) =>
    key.every((part, i) => part === path[i]),
  );
  if (isKey || SYSTEM.has(first))
    fail(
      errors.badRequest,
      `Cannot patch '/${path.join("/")}': ids, partition keys and system properties are final.`,
    );
}

type Refuse = (message: string) => never;

function apply(root: Node, operation: PatchOperation, refuse: Refuse): void {
  const { op, path, from, value } = operation;
  switch (op) {
    case "add":
      insert(root, path, wanted(value, refuse), true, refuse);
      return;
    case "set":
      insert(root, path, wanted(value, refuse), false, refuse);
      return;
    case "replace":
      read(root, path, refuse);
      insert(root, path, wanted(value, refuse), false, refuse);
      return;
    case "remove":
      remove(root, path, refuse);
      return;
    case "incr":
      increment(root, path, value, refuse);
      return;
    case "move": {
      if (
        from.length <= path.length &&
        from.every((part, i) => part === path[i])
      )
        refuse("Move Operation cannot move a property into itself.");
      const moved = read(root, from, refuse);
      remove(root, from, refuse);
      insert(root, path, moved, true, refuse);
      return;
    }
    default:
      refuse(`'${op}' is not a supported operation.`);
  }
}

const wanted = (value: Json | undefined, refuse: Refuse): Json =>
  value === undefined ? refuse("the operation needs a value.") : value;

/** The object or array that holds the last part of a path; it must be there. */
function parentOf(
  root: Node,
  path: readonly string[],
  refuse: Refuse,
): [Node, string] {
  let node: Json = root;
  for (const part of path.slice(0, -1)) {
    const next: Json | undefined = childOf(node, part);
    node =
      next ??
      refuse(
        `the operation can only create a child of an existing node and cannot create the path recursively, no path found beyond: '${part}'.`,
      );
  }
  if (isPrimitive(node))
    return refuse(`the parent of '/${path.join("/")}' is no object or array.`);
  return [node as Node, path.at(-1) ?? ""];
}

const childOf = (node: Json, part: string): Json | undefined => {
  if (isArray(node)) return INDEX.test(part) ? node[Number(part)] : undefined;
  return isObject(node) && Object.hasOwn(node, part) ? node[part] : undefined;
};

const INDEX = /^(?:0|[1-9]\d*)$/;

function read(root: Node, path: readonly string[], refuse: Refuse): Json {
  const [parent, last] = parentOf(root, path, refuse);
  const value = childOf(parent, last);
  return value === undefined
    ? refuse(`the path '/${path.join("/")}' does not exist.`)
    : value;
}

function insert(
  root: Node,
  path: readonly string[],
  value: Json,
  pushesAside: boolean,
  refuse: Refuse,
): void {
  const [parent, last] = parentOf(root, path, refuse);
  if (!Array.isArray(parent)) {
    assign(parent, last, value);
    return;
  }
  const index = last === "-" ? parent.length : Number(last);
  if (last !== "-" && (!INDEX.test(last) || index > parent.length))
    refuse(`the index '${last}' is outside of the array.`);
  parent.splice(index, pushesAside ? 0 : 1, value);
}

function assign(
  parent: { [key: string]: Json },
  key: string,
  value: Json,
): void {
  // Plain assignment to __proto__ would not make a property.
  Object.defineProperty(parent, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function remove(root: Node, path: readonly string[], refuse: Refuse): void {
  read(root, path, refuse);
  const [parent, last] = parentOf(root, path, refuse);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else Reflect.deleteProperty(parent, last);
}

function increment(
  root: Node,
  path: readonly string[],
  by: Json | undefined,
  refuse: Refuse,
): void {
  if (typeof by !== "number") return refuse("Increment takes a number.");
  const [parent, last] = parentOf(root, path, refuse);
  const value = childOf(parent, last) ?? 0;
  if (typeof value !== "number")
    return refuse(`the value of '/${path.join("/")}' is no number.`);
  insert(root, path, value + by, false, refuse);
}
