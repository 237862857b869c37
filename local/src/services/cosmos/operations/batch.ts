import { CosmosError, errorOfStatus, errors, fail } from "../errors.ts";
import { MAX_BATCH_BYTES, MAX_BATCH_OPERATIONS } from "../limits.ts";
import {
  header,
  isOn,
  isPartitionFull,
  jsonBody,
  type Operation,
  type Reply,
  type Request,
} from "../request.ts";
import {
  isArray,
  isObject,
  type Json,
  type JsonObject,
} from "../sql/values.ts";
import type { Container } from "../store/container.ts";
import { keyOfRequest } from "../store/partitionKey.ts";
import { Transaction } from "../store/transaction.ts";
import { containerOf } from "./containers.ts";
import * as writes from "./itemWrites.ts";
import { sessionHeaders } from "./session.ts";

/** After how long a client may send a throttled operation again. */
const RETRY_AFTER_MS = 10;

/** Operations of one partition key, all or none. */
export const executeBatch: Operation = (request) => {
  const { store } = containerOf(request);
  const operations = operationsOf(request);
  const keyText = header(request, "x-ms-documentdb-partitionkey");
  if (keyText === undefined) fail(errors.partitionKeyMissing);
  const key = keyOfRequest(keyText, store.keyPaths.length);
  const transaction = new Transaction(store, isPartitionFull(request));
  const results: Result[] = [];
  for (const operation of operations) {
    const result = attempt(() => {
      if (keyOf(operation, store, key) !== key)
        fail(errors.partitionKeyMismatch);
      return run(transaction, key, operation);
    });
    results.push(result);
    if (result.error)
      return batchReply(request, store, refused(results, operations.length));
  }
  transaction.commit();
  return batchReply(request, store, results);
};

/** Operations that stand each for itself, over any partition keys. One write to the log for all. */
export const executeBulk: Operation = (request) => {
  const { store } = containerOf(request);
  const operations = operationsOf(request);
  const goesOn =
    header(request, "x-ms-cosmos-batch-continue-on-error")?.toLowerCase() !==
    "false";
  const transaction = new Transaction(store, isPartitionFull(request));
  const results: Result[] = [];
  for (const operation of operations) {
    const result = attempt(() => {
      meetFault(request, operation);
      return run(transaction, keyOf(operation, store), operation);
    });
    results.push(result);
    if (result.error && !goesOn) break;
  }
  transaction.commit();
  const rest = operations.length - results.length;
  return batchReply(request, store, [
    ...results,
    ...Array.from({ length: rest }, () => dependent),
  ]);
};

interface Result {
  readonly outcome?: writes.Outcome;
  readonly error?: CosmosError;
}

const dependent: Result = { error: new CosmosError(errors.failedDependency) };

const refused = (results: readonly Result[], count: number): Result[] =>
  Array.from({ length: count }, (_, i) =>
    i === results.length - 1 ? (results[i] ?? dependent) : dependent,
  );

function attempt(run: () => writes.Outcome): Result {
  try {
    return { outcome: run() };
  } catch (error) {
    if (error instanceof CosmosError) return { error };
    throw error;
  }
}

function operationsOf(request: Request): readonly JsonObject[] {
  if (request.body.length > MAX_BATCH_BYTES) fail(errors.tooLarge);
  const operations = jsonBody(request);
  if (!isArray(operations) || !operations.every(isObject))
    return fail(errors.badRequest, "A batch is an array of operations.");
  if (operations.length > MAX_BATCH_OPERATIONS)
    fail(
      errors.badRequest,
      "Batch request has more operations than what is supported.",
    );
  return operations;
}

/** The key of an operation: the JSON text of an array, or what the header said. */
function keyOf(
  { partitionKey }: JsonObject,
  store: Container,
  given?: string,
): string {
  if (partitionKey === undefined)
    return given ?? fail(errors.partitionKeyMissing);
  const text =
    typeof partitionKey === "string"
      ? partitionKey
      : JSON.stringify(partitionKey);
  return keyOfRequest(text, store.keyPaths.length);
}

/** A fault plan may refuse single operations: service `cosmos.bulk`, operation as on the wire. */
function meetFault(request: Request, operation: JsonObject): void {
  const { id, operationType, resourceBody } = operation;
  const own = isObject(resourceBody) ? resourceBody["id"] : undefined;
  const fault = request.faults.meet(
    "cosmos.bulk",
    textOf(operationType) ?? "",
    `${request.path}/${textOf(id ?? own) ?? ""}`,
  );
  if (fault?.action === "refuse") fail(errorOfStatus(fault.status ?? 503));
}

function run(
  transaction: Transaction,
  key: string,
  operation: JsonObject,
): writes.Outcome {
  const { operationType } = operation;
  const conditions = {
    ifMatch: textOf(operation["ifMatch"]),
    ifNoneMatch: textOf(operation["ifNoneMatch"]),
  };
  const body = (): JsonObject => {
    const { resourceBody } = operation;
    return isObject(resourceBody)
      ? resourceBody
      : fail(errors.badRequest, "The operation needs a resourceBody.");
  };
  const id = (): string =>
    textOf(operation["id"]) ??
    fail(errors.badRequest, "The operation needs an id.");
  switch (operationType) {
    case "Create":
      return writes.createItem(transaction, key, body());
    case "Upsert":
      return writes.upsertItem(transaction, key, body(), conditions);
    case "Read":
      return writes.readItem(transaction, key, id(), conditions);
    case "Replace":
      return writes.replaceItem(transaction, key, id(), body(), conditions);
    case "Delete":
      return writes.deleteItem(transaction, key, id(), conditions);
    case "Patch":
      return writes.patchItem(
        transaction,
        key,
        id(),
        operation["resourceBody"] ?? null,
        conditions,
      );
    default:
      return fail(
        errors.badRequest,
        `The operation type ${JSON.stringify(operationType)} is unknown.`,
      );
  }
}

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;

function batchReply(
  request: Request,
  store: Container,
  results: readonly Result[],
): Reply {
  const isMinimal =
    header(request, "prefer")?.toLowerCase() === "return=minimal";
  const charge = results.reduce((sum, result) => sum + chargeOf(result), 0);
  return {
    status: results.some((result) => result.error) ? 207 : 200,
    body: `[${results.map((result) => resultText(result, isMinimal)).join(",")}]`,
    headers: sessionHeaders(request, store),
    charge: Math.round(charge * 100) / 100,
  };
}

function chargeOf({ outcome, error }: Result): number {
  if (error) return error.kind === errors.failedDependency ? 0 : 1;
  return outcome?.charge ?? 0;
}

function resultText(result: Result, isMinimal: boolean): string {
  const { outcome, error } = result;
  const requestCharge = chargeOf(result);
  if (error) {
    const { status, substatus } = error.kind;
    return JSON.stringify({
      statusCode: status,
      ...(substatus === undefined ? {} : { subStatusCode: substatus }),
      ...(status === 429 ? { retryAfterMilliseconds: RETRY_AFTER_MS } : {}),
      requestCharge,
      message: error.message,
    });
  }
  const document = outcome?.document;
  const head = JSON.stringify({
    statusCode: outcome?.status,
    requestCharge,
    eTag: document?.etag,
  });
  return document && !isMinimal && outcome.status !== 304
    ? `${head.slice(0, -1)},"resourceBody":${document.text}}`
    : head;
}

/** Which of the two a request is. */
export const isAtomic = (request: Request): boolean =>
  isOn(request, "x-ms-cosmos-batch-atomic");
