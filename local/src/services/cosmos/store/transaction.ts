import { errors, fail } from "../errors.ts";
import { MAX_DOCUMENT_BYTES } from "../limits.ts";
import type { JsonObject } from "../sql/values.ts";
import type { Container } from "./container.ts";
import { checkTtl } from "./definition.ts";
import { documentWith, type Document } from "./document.ts";
import type { Change } from "./documentLog.ts";

/** Writes that see each other and reach the container together, or not at all. */
export class Transaction {
  readonly container: Container;
  readonly #changes: Change[] = [];
  readonly #pending = new Map<string, Document | undefined>();

  readonly #isFull: (key: string) => boolean;

  constructor(container: Container, isFull: (key: string) => boolean) {
    this.container = container;
    this.#isFull = isFull;
  }

  find(key: string, id: string): Document | undefined {
    const place = `${key}\n${id}`;
    return this.#pending.has(place)
      ? this.#pending.get(place)
      : this.container.find(key, id);
  }

  /** Writes a version of a document: its body with the system's properties added. */
  put(
    key: string,
    id: string,
    body: JsonObject,
    previous: Document | undefined,
  ): Document {
    const { container } = this;
    const ttl = body["ttl"];
    const lsn = this.#nextLsn();
    const rank = previous?.rank ?? container.takeRank();
    const ts = container.seconds;
    const etag = container.etagOf(lsn);
    const rid = container.ridOf(rank);
    const document = documentWith(
      {
        ...{ key, id, rank, lsn, ts, etag },
        ttl: ttl === undefined || ttl === null ? undefined : checkTtl(ttl),
      },
      {
        ...body,
        _rid: rid,
        _self: `${container.self}docs/${rid}/`,
        _etag: etag,
        _attachments: "attachments/",
        _ts: ts,
      },
    );
    if (Buffer.byteLength(document.text) > MAX_DOCUMENT_BYTES)
      fail(errors.tooLarge);
    const grows = document.text.length > (previous?.text.length ?? 0);
    if (grows && this.#isFull(key)) fail(errors.partitionFull);
    this.#changes.push({ kind: "put", document });
    this.#pending.set(`${key}\n${id}`, document);
    return document;
  }

  remove(document: Document): void {
    const { key, id } = document;
    this.#changes.push({ kind: "delete", lsn: this.#nextLsn(), key, id });
    this.#pending.set(`${key}\n${id}`, undefined);
  }

  commit(): void {
    this.container.commit(this.#changes);
  }

  #nextLsn(): number {
    return this.container.lsn + this.#changes.length + 1;
  }
}
