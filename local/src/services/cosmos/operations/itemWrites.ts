import {
  createCharge,
  DELETE_CHARGE,
  readCharge,
  replaceCharge,
} from "../charges.ts";
import { errors, fail } from "../errors.ts";
import { MAX_ID_BYTES } from "../limits.ts";
import { execute, planOf, type JsonObject } from "../sql/index.ts";
import type { Json } from "../sql/values.ts";
import type { Document } from "../store/document.ts";
import { keyOfDocument } from "../store/partitionKey.ts";
import { parsePatch, patched } from "../store/patch.ts";
import type { Transaction } from "../store/transaction.ts";
import { guarded } from "./queryText.ts";

/** The ETags that a request sets as its condition. */
export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

export interface Outcome {
  readonly status: number;
  readonly document?: Document;
  readonly charge: number;
}

export function createItem(
  transaction: Transaction,
  key: string | undefined,
  body: JsonObject,
): Outcome {
  const [id, own] = identityOf(transaction, key, body);
  if (transaction.find(own, id)) fail(errors.conflict);
  return created(transaction.put(own, id, body, undefined));
}

export function upsertItem(
  transaction: Transaction,
  key: string | undefined,
  body: JsonObject,
  conditions: Conditions,
): Outcome {
  const [id, own] = identityOf(transaction, key, body);
  const previous = transaction.find(own, id);
  // If-Match on an upsert that finds nothing does not keep it from creating.
  if (previous) checkConditions(previous, conditions);
  const document = transaction.put(own, id, body, previous);
  return previous ? replaced(document) : created(document);
}

export function readItem(
  transaction: Transaction,
  key: string,
  id: string,
  { ifNoneMatch }: Conditions,
): Outcome {
  const document = transaction.find(key, id) ?? fail(errors.notFound);
  const isKnown = ifNoneMatch === document.etag;
  return {
    status: isKnown ? 304 : 200,
    document,
    charge: isKnown ? 1 : readCharge(Buffer.byteLength(document.text)),
  };
}

export function replaceItem(
  transaction: Transaction,
  key: string,
  id: string,
  body: JsonObject,
  conditions: Conditions,
): Outcome {
  const [bodyId] = identityOf(transaction, key, body);
  const previous = transaction.find(key, id) ?? fail(errors.notFound);
  if (bodyId !== id)
    fail(errors.badRequest, "The id of a document is final: replace keeps it.");
  checkConditions(previous, conditions);
  return replaced(transaction.put(key, id, body, previous));
}

export function deleteItem(
  transaction: Transaction,
  key: string,
  id: string,
  conditions: Conditions,
): Outcome {
  const previous = transaction.find(key, id) ?? fail(errors.notFound);
  checkConditions(previous, conditions);
  transaction.remove(previous);
  return { status: 204, charge: DELETE_CHARGE };
}

export function patchItem(
  transaction: Transaction,
  key: string,
  id: string,
  body: Json,
  conditions: Conditions,
): Outcome {
  const patch = parsePatch(body);
  const previous = transaction.find(key, id) ?? fail(errors.notFound);
  checkConditions(previous, conditions);
  if (patch.condition !== undefined && !holds(patch.condition, previous))
    fail(errors.preconditionFailed);
  const { keyPaths } = transaction.container;
  const next = patched(previous.body(), patch, keyPaths);
  return replaced(transaction.put(key, id, next, previous));
}

/** Whether `FROM c WHERE …` holds for a document. Parameters cannot be sent with a patch. */
function holds(condition: string, document: Document): boolean {
  const [row] = guarded(() => [
    ...execute(
      planOf(`SELECT * ${condition}`),
      [document],
      new Map(),
      document.ts * 1000,
    ),
  ]);
  return row !== undefined;
}

function checkConditions(
  previous: Document,
  { ifMatch, ifNoneMatch }: Conditions,
): void {
  const isOther =
    ifMatch !== undefined && ifMatch !== "*" && ifMatch !== previous.etag;
  const isSame = ifNoneMatch === "*" || ifNoneMatch === previous.etag;
  if (isOther || isSame) fail(errors.preconditionFailed);
}

/** Id and partition key of a document that was sent, checked against the key of the request. */
function identityOf(
  { container }: Transaction,
  key: string | undefined,
  body: JsonObject,
): [string, string] {
  const id = body["id"];
  if (typeof id !== "string" || id === "")
    return fail(
      errors.badRequest,
      "The input content is invalid because the required properties - 'id; ' - are missing",
    );
  if (/[/\\]/.test(id) || Buffer.byteLength(id) > MAX_ID_BYTES)
    fail(
      errors.badRequest,
      "An id has no '/' and no '\\', and at most 1023 bytes.",
    );
  const own = keyOfDocument(container.keyPaths, body);
  if (key !== undefined && key !== own) fail(errors.partitionKeyMismatch);
  return [id, own];
}

const created = (document: Document): Outcome => ({
  status: 201,
  document,
  charge: createCharge(Buffer.byteLength(document.text)),
});

const replaced = (document: Document): Outcome => ({
  status: 200,
  document,
  charge: replaceCharge(Buffer.byteLength(document.text)),
});
