import type { StatementSync } from "node:sqlite";
import type { EventSubscription } from "../../service.ts";
import type { Clock } from "../../shared/clock.ts";
import { finished, isFor, type EventDraft } from "./events.ts";
import type { State } from "./state.ts";

/** How the next start sees whether the change of an event took place. */
interface Proof {
  readonly file: string;
  /** Of the file that stands at `file` after the change; undefined: nothing does. */
  readonly inode?: string;
  readonly etag?: string;
}

export interface OutboxRow {
  readonly id: number;
  readonly subscription: string;
  readonly event: string;
}

/**
 * Events on their way. A row is written before the change it tells of, with a proof; it is confirmed after the
 * change and removed when the destination has it. A crash between leaves an unconfirmed row, which the next
 * start confirms or withdraws by its proof: no change without its event, and no event without its change.
 */
export class Outbox {
  readonly #subscriptions: readonly EventSubscription[];
  readonly #state: State;
  readonly #clock: Clock;
  readonly #insert: StatementSync;
  readonly #confirm: StatementSync;
  readonly #remove: StatementSync;
  /** Told of each row that may be delivered. */
  onReady: (row: OutboxRow) => void = () => undefined;

  constructor(
    state: State,
    subscriptions: readonly EventSubscription[],
    clock: Clock,
  ) {
    this.#state = state;
    this.#subscriptions = subscriptions;
    this.#clock = clock;
    const prepare = (sql: string): StatementSync => state.database.prepare(sql);
    this.#insert = prepare(
      "INSERT INTO outbox (subscription, event, proof) VALUES (?, ?, ?)",
    );
    this.#confirm = prepare(
      "UPDATE outbox SET proof = NULL WHERE id = ? RETURNING id, subscription, event",
    );
    this.#remove = prepare("DELETE FROM outbox WHERE id = ?");
  }

  isWanted(draft: EventDraft): boolean {
    return this.#subscriptions.some((one) => isFor(one, draft));
  }

  announce(draft: EventDraft, proof: Proof): number[] {
    const wanted = this.#subscriptions.filter((one) => isFor(one, draft));
    if (wanted.length === 0) return [];
    const event = finished(draft, this.#clock.now(), this.#state.newEtag());
    return wanted.map(({ name }) =>
      Number(
        this.#insert.run(name, JSON.stringify(event), JSON.stringify(proof))
          .lastInsertRowid,
      ),
    );
  }

  confirm(ids: readonly number[]): void {
    for (const id of ids) {
      const row = this.#confirm.get(id) as OutboxRow | undefined;
      if (row) this.onReady(row);
    }
  }

  withdraw(ids: readonly number[]): void {
    for (const id of ids) this.#remove.run(id);
  }

  delivered(id: number): void {
    this.#remove.run(id);
  }

  /** After a start: decides about the unconfirmed rows, then hands over all that wait. */
  recover(
    entryAt: (
      file: string,
    ) => { identity: { inode: bigint }; etag: string } | undefined,
  ): void {
    const rows = this.#state.database
      .prepare("SELECT id, proof FROM outbox WHERE proof IS NOT NULL")
      .all() as unknown as { id: number; proof: string }[];
    for (const { id, proof } of rows) {
      const { file, inode, etag } = JSON.parse(proof) as Proof;
      const entry = entryAt(file);
      const took =
        inode === undefined
          ? entry === undefined
          : entry !== undefined &&
            String(entry.identity.inode) === inode &&
            (etag === undefined || etag === entry.etag);
      if (!took) this.#remove.run(id);
    }
    const waiting = this.#state.database
      .prepare("SELECT id FROM outbox ORDER BY id")
      .all() as unknown as { id: number }[];
    this.confirm(waiting.map(({ id }) => id));
  }
}
