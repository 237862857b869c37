import { errors, fail } from "../errors.ts";
import {
  header,
  isPartitionFull,
  jsonBody,
  objectBody,
  segment,
  type Operation,
  type Reply,
  type Request,
} from "../request.ts";
import type { Container } from "../store/container.ts";
import { keyOfRequest } from "../store/partitionKey.ts";
import { Transaction } from "../store/transaction.ts";
import { containerOf } from "./containers.ts";
import * as writes from "./itemWrites.ts";
import { checkSession, sessionHeaders } from "./session.ts";

/** Runs one operation on one document and commits it before answering. */
function item(
  run: (
    transaction: Transaction,
    request: Request,
    conditions: writes.Conditions,
  ) => writes.Outcome,
): Operation {
  return (request) => {
    const { store } = containerOf(request);
    checkSession(request, store);
    const transaction = new Transaction(store, isPartitionFull(request));
    const outcome = run(transaction, request, {
      ifMatch: header(request, "if-match"),
      ifNoneMatch: header(request, "if-none-match"),
    });
    transaction.commit();
    return itemReply(request, store, outcome);
  };
}

function itemReply(
  request: Request,
  store: Container,
  { status, document, charge }: writes.Outcome,
): Reply {
  const headers = {
    ...sessionHeaders(request, store),
    ...(document ? { etag: document.etag, lsn: document.lsn } : {}),
  };
  return document && status !== 304
    ? { status, body: document.text, headers, charge }
    : { status, headers, charge };
}

const keyHeader = (request: Request, store: Container): string | undefined => {
  const text = header(request, "x-ms-documentdb-partitionkey");
  return text === undefined
    ? undefined
    : keyOfRequest(text, store.keyPaths.length);
};

const requiredKey = (request: Request, store: Container): string =>
  keyHeader(request, store) ?? fail(errors.partitionKeyMissing);

export const createItem = item((transaction, request) =>
  writes.createItem(
    transaction,
    keyHeader(request, transaction.container),
    objectBody(request),
  ),
);

export const upsertItem = item((transaction, request, conditions) =>
  writes.upsertItem(
    transaction,
    keyHeader(request, transaction.container),
    objectBody(request),
    conditions,
  ),
);

/** An operation on the document that the address names, with the key of the header. */
const namedItem = (
  run: (
    named: readonly [Transaction, key: string, id: string],
    request: Request,
    conditions: writes.Conditions,
  ) => writes.Outcome,
): Operation =>
  item((transaction, request, conditions) => {
    const key = requiredKey(request, transaction.container);
    return run([transaction, key, segment(request, 5)], request, conditions);
  });

export const readItem = namedItem((named, _request, conditions) =>
  writes.readItem(...named, conditions),
);

export const replaceItem = namedItem((named, request, conditions) =>
  writes.replaceItem(...named, objectBody(request), conditions),
);

export const deleteItem = namedItem((named, _request, conditions) =>
  writes.deleteItem(...named, conditions),
);

export const patchItem = namedItem((named, request, conditions) =>
  writes.patchItem(...named, jsonBody(request), conditions),
);
