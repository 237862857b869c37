import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import {
  DatabaseSync,
  type SQLInputValue,
  type StatementSync,
} from "node:sqlite";
import { inTransaction } from "../../shared/transaction.ts";
import type { Arrival, HistoryEvent } from "./history.ts";
import type { Instance, RuntimeStatus } from "./instance.ts";
import {
  SCHEMA_VERSION,
  instanceOf,
  keyOf,
  schema,
  text,
  textOrNull,
  type Message,
  type Row,
  type ScheduledActivity,
  type ScheduledTimer,
  type TaskKey,
} from "./rows.ts";

export interface InstanceFilter {
  readonly after?: string;
  readonly prefix?: string;
  readonly createdFrom?: string;
  readonly createdTo?: string;
  readonly statuses?: readonly RuntimeStatus[];
  readonly limit: number;
}

/**
 * The log of the engine: what it would have to know after kill -9. The engine works from memory and reads only at its
 * start. A written page is in the operating system's cache, which survives the end of a process, not the loss of power:
 * hence no fsync.
 */
export class Store {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #nextMessage: number;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#db = new DatabaseSync(path);
    // One process owns the file: a second host that is started on the same state fails at once.
    this.#db.exec(
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;",
    );
    const version = Number(
      this.#db.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0,
    );
    if (version === 0) this.transaction(() => this.#db.exec(schema));
    else if (version !== SCHEMA_VERSION)
      throw new Error(
        `${path} is of version ${version}, not ${SCHEMA_VERSION}. Delete it: the instances in it are lost.`,
      );
    this.#nextMessage =
      Number(this.#get("SELECT max(id) AS id FROM messages")?.["id"] ?? 0) + 1;
  }

  close(): void {
    this.#db.close();
  }

  transaction<Result>(work: () => Result): Result {
    return inTransaction(this.#db, work);
  }

  instance(instanceId: string): Instance | undefined {
    const row = this.#get(
      "SELECT * FROM instances WHERE instanceId = ?",
      instanceId,
    );
    return row && instanceOf(row);
  }

  /** In the order of their ids. */
  list({
    after,
    prefix,
    createdFrom,
    createdTo,
    statuses,
    limit,
  }: InstanceFilter): Instance[] {
    const conditions: string[] = [];
    const values: SQLInputValue[] = [];
    const where = (condition: string, ...given: readonly string[]): void => {
      conditions.push(condition);
      values.push(...given);
    };
    if (after !== undefined) where("instanceId > ?", after);
    if (prefix !== undefined)
      where("substr(instanceId, 1, length(?)) = ?", prefix, prefix);
    if (createdFrom !== undefined) where("createdAt >= ?", createdFrom);
    if (createdTo !== undefined) where("createdAt <= ?", createdTo);
    if (statuses !== undefined)
      where(`status IN (${statuses.map(() => "?").join(", ")})`, ...statuses);
    const filter =
      conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
    return this.#all(
      `SELECT * FROM instances ${filter} ORDER BY instanceId LIMIT ?`,
      ...values,
      limit,
    ).map(instanceOf);
  }

  putInstance(instance: Instance): void {
    const {
      instanceId,
      executionId,
      name,
      version,
      status,
      input,
      output,
      customStatus,
      createdAt,
      updatedAt,
    } = instance;
    const parent = instance.parent && JSON.stringify(instance.parent);
    this.#run(
      "INSERT OR REPLACE INTO instances VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      ...[
        instanceId,
        executionId,
        name,
        version,
        status,
        input,
        output,
        customStatus,
        createdAt,
        updatedAt,
        parent,
      ],
    );
  }

  /** Removes an instance with all that belongs to it; activities that run already are not stopped. */
  deleteInstance(instanceId: string): void {
    for (const table of [
      "instances",
      "history",
      "messages",
      "activities",
      "timers",
    ])
      this.#run(`DELETE FROM ${table} WHERE instanceId = ?`, instanceId);
  }

  history(instanceId: string): HistoryEvent[] {
    return this.#all(
      "SELECT event FROM history WHERE instanceId = ? ORDER BY position",
      instanceId,
    ).map((row) => JSON.parse(text(row, "event")) as HistoryEvent);
  }

  appendHistory(
    instanceId: string,
    from: number,
    events: readonly HistoryEvent[],
  ): void {
    events.forEach((event, index) => {
      this.#run(
        "INSERT INTO history VALUES (?, ?, ?)",
        instanceId,
        from + index,
        JSON.stringify(event),
      );
    });
  }

  clearHistory(instanceId: string): void {
    this.#run("DELETE FROM history WHERE instanceId = ?", instanceId);
  }

  putMessage(
    instanceId: string,
    executionId: string | null,
    event: Arrival,
  ): Message {
    const id = this.#nextMessage++;
    this.#run(
      "INSERT INTO messages VALUES (?, ?, ?, ?)",
      id,
      instanceId,
      executionId,
      JSON.stringify(event),
    );
    return { id, instanceId, executionId, event };
  }

  deleteMessage(id: number): void {
    this.#run("DELETE FROM messages WHERE id = ?", id);
  }

  clearMessages(instanceId: string): void {
    this.#run("DELETE FROM messages WHERE instanceId = ?", instanceId);
  }

  putActivity({
    instanceId,
    executionId,
    taskId,
    name,
    input,
  }: ScheduledActivity): void {
    this.#run(
      "INSERT INTO activities VALUES (?, ?, ?, ?, ?)",
      instanceId,
      executionId,
      taskId,
      name,
      input,
    );
  }

  /** False when it is gone: its instance was purged or replaced while it ran. */
  deleteActivity(key: TaskKey): boolean {
    return this.#deleteTask("activities", key);
  }

  putTimer({ instanceId, executionId, taskId, fireAt }: ScheduledTimer): void {
    this.#run(
      "INSERT INTO timers VALUES (?, ?, ?, ?)",
      instanceId,
      executionId,
      taskId,
      fireAt,
    );
  }

  deleteTimer(key: TaskKey): boolean {
    return this.#deleteTask("timers", key);
  }

  clearTimers(instanceId: string): void {
    this.#run("DELETE FROM timers WHERE instanceId = ?", instanceId);
  }

  messages(): Message[] {
    return this.#all("SELECT * FROM messages ORDER BY id").map((row) => ({
      id: Number(row["id"]),
      instanceId: text(row, "instanceId"),
      executionId: textOrNull(row, "executionId"),
      event: JSON.parse(text(row, "event")) as Arrival,
    }));
  }

  /** In the order in which they were scheduled. */
  activities(): ScheduledActivity[] {
    return this.#all("SELECT * FROM activities ORDER BY rowid").map((row) => ({
      ...keyOf(row),
      name: text(row, "name"),
      input: text(row, "input"),
    }));
  }

  timers(): ScheduledTimer[] {
    return this.#all("SELECT * FROM timers ORDER BY fireAt").map((row) => ({
      ...keyOf(row),
      fireAt: text(row, "fireAt"),
    }));
  }

  #deleteTask(
    table: "activities" | "timers",
    { instanceId, executionId, taskId }: TaskKey,
  ): boolean {
    const where = "WHERE instanceId = ? AND executionId = ? AND taskId = ?";
    const values = [instanceId, executionId, taskId];
    return this.#run(`DELETE FROM ${table} ${where}`, ...values) > 0;
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  #get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#prepare(sql).get(...values);
  }

  #all(sql: string, ...values: readonly SQLInputValue[]): Row[] {
    return this.#prepare(sql).all(...values);
  }
}
