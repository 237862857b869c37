import type {
  DocumentWrite,
  Store,
  WriteAnswer,
} from "../../adapters/cosmos/index.ts";
import { AssayError } from "../../errors.ts";

/** What became of a document. `skipped`: a newer batch wrote it before. */
export interface Written {
  readonly end: "upserted" | "deleted" | "skipped" | "refused";
  readonly status: number;
  /** It was made, or found, as its write expected. */
  readonly isExpected: boolean;
}

/** A create that meets a document becomes a patch, a patch that meets none a create. */
const MAX_ROUNDS = 8;

/** So few are sent one by one: a group is refused as a whole for one document of it. */
const ALONE = 20;

/** A logical partition is full. https://learn.microsoft.com/rest/api/cosmos-db/http-status-codes-for-cosmosdb */
const PARTITION_FULL = { status: 403, substatus: 1014 };

export const isPartitionFull = ({ status, substatus }: WriteAnswer): boolean =>
  status === PARTITION_FULL.status && substatus === PARTITION_FULL.substatus;

/** The document's own fault: repeated, it is refused again. */
const isOwnFault = (answer: WriteAnswer): boolean =>
  answer.status === 400 || answer.status === 413 || isPartitionFull(answer);

interface Open {
  readonly at: number;
  readonly write: DocumentWrite;
  readonly isAlone: boolean;
}

/** Writes documents, in the order given, whichever of create and patch each needs. */
export async function writeAll(
  store: Store,
  container: string,
  writes: readonly DocumentWrite[],
): Promise<Written[]> {
  const written: Written[] = [];
  let open = writes.map((write, at): Open => ({ at, write, isAlone: false }));
  for (let round = 1; open.length > 0; round += 1) {
    const next: Open[] = [];
    for (const { each, answer } of await send(store, container, open)) {
      const { at, write, isAlone } = each;
      const { status } = answer;
      const isExpected = write.kind === writes[at]?.kind;
      const done = (end: Written["end"]): void => {
        written[at] = { end, status, isExpected };
      };
      if (status >= 200 && status < 300)
        done(write.document.deleted ? "deleted" : "upserted");
      else if (status === 412) done("skipped");
      else if (isOwnFault(answer) && isAlone) done("refused");
      else if (round >= MAX_ROUNDS) throw refusal(container, write, status);
      else if (isOwnFault(answer)) next.push({ ...each, isAlone: true });
      else if (status === 409 && write.kind === "create")
        next.push({ ...each, write: { ...write, kind: "patch" } });
      else if (status === 404 && write.kind === "patch")
        next.push({ ...each, write: { ...write, kind: "create" } });
      else throw refusal(container, write, status);
    }
    open = next;
  }
  return written;
}

async function send(
  store: Store,
  container: string,
  open: readonly Open[],
): Promise<{ each: Open; answer: WriteAnswer }[]> {
  const alone = open.filter(({ isAlone }) => isAlone);
  const groups = [open.filter(({ isAlone }) => !isAlone)];
  for (let from = 0; from < alone.length; from += ALONE)
    groups.push(alone.slice(from, from + ALONE));
  const sent: { each: Open; answer: WriteAnswer }[] = [];
  for (const group of groups) {
    if (group.length === 0) continue;
    const answers = await store.write(
      container,
      group.map(({ write }) => write),
    );
    group.forEach((each, index) => {
      sent.push({
        each,
        answer: answers[index] ?? { status: 0, substatus: 0 },
      });
    });
  }
  return sent;
}

export const refusal = (
  container: string,
  { kind }: Pick<DocumentWrite, "kind">,
  status: number,
): AssayError =>
  new AssayError(
    "STORE_REFUSED",
    `${container} answered ${status} to a ${kind}.`,
  );

/**
 * Writes over documents that are there. One that is not, or is newer, is left alone. The answers are of those that the
 * store refuses by their own fault: if they are there, they are served as before.
 */
export async function patchFound(
  store: Store,
  container: string,
  writes: readonly DocumentWrite[],
): Promise<WriteAnswer[]> {
  const answers = await store.write(container, writes);
  return answers.filter((answer, index) => {
    const { status } = answer;
    const write = writes[index];
    const isDone = status >= 200 && status < 300;
    if (isDone || status === 404 || status === 412) return false;
    if (write && !isOwnFault(answer)) throw refusal(container, write, status);
    return true;
  });
}
