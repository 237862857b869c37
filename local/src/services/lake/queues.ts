import { randomUUID } from "node:crypto";
import type { StatementSync } from "node:sqlite";
import type { Clock } from "../../shared/clock.ts";
import { fail } from "./errors.ts";
import { DEFAULT_MESSAGE_TTL_SECONDS } from "./limits.ts";
import type { State } from "./state.ts";

export interface Message {
  readonly id: string;
  readonly text: string;
  readonly insertedAt: number;
  readonly expiresAt: number;
  readonly visibleAt: number;
  readonly dequeueCount: number;
  readonly popReceipt: string;
}

interface Queue {
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What "never expires" (-1) is kept as: the last millisecond of the year 9999, which is what Azure shows. */
const NEVER = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const SHOWN =
  "id, text, insertedAt, expiresAt, visibleAt, dequeueCount, popReceipt";

/** Storage queues in the lake's database. Each method is one statement, or one transaction, in one turn. */
export class Queues {
  readonly #state: State;
  readonly #clock: Clock;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #visible: StatementSync;
  readonly #take: StatementSync;
  readonly #byId: StatementSync;

  constructor(state: State, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
    const prepare = (sql: string): StatementSync => state.database.prepare(sql);
    prepare("DELETE FROM messages WHERE expiresAt <= ?").run(clock.now());
    this.#find = prepare("SELECT name, metadata FROM queues WHERE name = ?");
    this.#insert = prepare(
      `INSERT INTO messages (queue, id, text, insertedAt, expiresAt, visibleAt, dequeueCount, popReceipt)
       VALUES (?, ?, ?, ?, ?, ?, 0, ?) RETURNING ${SHOWN}`,
    );
    this.#visible = prepare(
      `SELECT ${SHOWN} FROM messages WHERE queue = ? AND visibleAt <= ? AND expiresAt > ?
       ORDER BY visibleAt, number LIMIT ?`,
    );
    this.#take = prepare(
      `UPDATE messages SET visibleAt = ?, dequeueCount = dequeueCount + 1, popReceipt = ?
       WHERE id = ? RETURNING ${SHOWN}`,
    );
    this.#byId = prepare(
      `SELECT ${SHOWN} FROM messages WHERE queue = ? AND id = ? AND expiresAt > ?`,
    );
  }

  create(name: string, metadata: Queue["metadata"]): "created" | "existed" {
    const existing = this.find(name);
    if (existing) {
      const isSame =
        JSON.stringify(sorted(existing.metadata)) ===
        JSON.stringify(sorted(metadata));
      return isSame ? "existed" : fail("queueExists");
    }
    this.#state.database
      .prepare("INSERT INTO queues (name, metadata) VALUES (?, ?)")
      .run(name, JSON.stringify(metadata));
    return "created";
  }

  find(name: string): Queue | undefined {
    const row = this.#find.get(name) as
      { name: string; metadata: string } | undefined;
    return (
      row && {
        name: row.name,
        metadata: JSON.parse(row.metadata) as Queue["metadata"],
      }
    );
  }

  need(name: string): Queue {
    return this.find(name) ?? fail("queueNotFound");
  }

  list(prefix: string, after: string, most: number): Queue[] {
    const rows = this.#state.database
      .prepare("SELECT name, metadata FROM queues WHERE name > ? ORDER BY name")
      .all(after) as unknown as { name: string; metadata: string }[];
    return rows
      .filter(({ name }) => name.startsWith(prefix))
      .slice(0, most)
      .map(({ name, metadata }) => ({
        name,
        metadata: JSON.parse(metadata) as Queue["metadata"],
      }));
  }

  delete(name: string): void {
    this.need(name);
    this.#state.transaction(() => {
      this.clear(name);
      this.#state.database
        .prepare("DELETE FROM queues WHERE name = ?")
        .run(name);
    });
  }

  setMetadata(name: string, metadata: Queue["metadata"]): void {
    this.need(name);
    this.#state.database
      .prepare("UPDATE queues SET metadata = ? WHERE name = ?")
      .run(JSON.stringify(metadata), name);
  }

  /** Azure's count is approximate; this one counts what has not expired, visible or not. */
  count(name: string): number {
    const row = this.#state.database
      .prepare(
        "SELECT count(*) AS count FROM messages WHERE queue = ? AND expiresAt > ?",
      )
      .get(name, this.#clock.now()) as { count: number };
    return row.count;
  }

  put(
    name: string,
    text: string,
    visibleInSeconds = 0,
    ttlSeconds = DEFAULT_MESSAGE_TTL_SECONDS,
  ): Message {
    this.need(name);
    const now = this.#clock.now();
    return this.#insert.get(
      name,
      randomUUID(),
      text,
      now,
      ttlSeconds === -1 ? NEVER : now + ttlSeconds * 1000,
      now + visibleInSeconds * 1000,
      newReceipt(),
    ) as unknown as Message;
  }

  peek(name: string, most: number): Message[] {
    this.need(name);
    const now = this.#clock.now();
    return this.#visible.all(name, now, now, most) as unknown as Message[];
  }

  /** Hides the messages that it answers, each under a receipt of its own. */
  get(name: string, most: number, visibilitySeconds: number): Message[] {
    const taken: Message[] = [];
    const until = this.#clock.now() + visibilitySeconds * 1000;
    this.#state.transaction(() => {
      for (const { id } of this.peek(name, most))
        taken.push(
          this.#take.get(until, newReceipt(), id) as unknown as Message,
        );
    });
    return taken;
  }

  update(
    name: string,
    id: string,
    receipt: string,
    visibilitySeconds: number,
    text: string | undefined,
  ): Message {
    const message = this.#held(name, id, receipt);
    return this.#state.database
      .prepare(
        `UPDATE messages SET visibleAt = ?, popReceipt = ?, text = ? WHERE id = ? RETURNING ${SHOWN}`,
      )
      .get(
        this.#clock.now() + visibilitySeconds * 1000,
        newReceipt(),
        text ?? message.text,
        id,
      ) as unknown as Message;
  }

  remove(name: string, id: string, receipt: string): void {
    this.#held(name, id, receipt);
    this.#state.database.prepare("DELETE FROM messages WHERE id = ?").run(id);
  }

  clear(name: string): void {
    this.need(name);
    this.#state.database
      .prepare("DELETE FROM messages WHERE queue = ?")
      .run(name);
  }

  #held(name: string, id: string, receipt: string): Message {
    this.need(name);
    const message = this.#byId.get(name, id, this.#clock.now()) as
      Message | undefined;
    if (!message) return fail("messageNotFound");
    return message.popReceipt === receipt
      ? message
      : fail("popReceiptMismatch");
  }
}

const newReceipt = (): string => Buffer.from(randomUUID()).toString("base64");

const sorted = (metadata: Queue["metadata"]): [string, string][] =>
  Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
