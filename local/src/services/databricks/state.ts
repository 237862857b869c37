import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { inTransaction } from "../../shared/transaction.ts";
import type { RunRecord } from "./runs/record.ts";

/** Ids of a workspace are large; ours begin high enough that nobody takes one for an index. */
const FIRST_ID = 100_000_000_000;

export interface RunFilter {
  readonly jobId?: number;
  readonly isOneTime?: boolean;
  readonly isActive?: boolean;
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
  readonly offset: number;
}

/** The workspace's runs, on disk before they are acknowledged. */
export class RunStore {
  readonly #db: DatabaseSync;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#db = new DatabaseSync(path);
    this.#db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS ids (id INTEGER PRIMARY KEY AUTOINCREMENT);
      CREATE TABLE IF NOT EXISTS runs (
        run_id INTEGER PRIMARY KEY, job_id INTEGER, created_at INTEGER NOT NULL, ended_at INTEGER, record TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS runs_of_job ON runs (job_id);
      CREATE TABLE IF NOT EXISTS task_runs (task_run_id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, run_id INTEGER NOT NULL);
    `);
  }

  newId(): number {
    const { lastInsertRowid } = this.#db
      .prepare("INSERT INTO ids DEFAULT VALUES")
      .run();
    return FIRST_ID + Number(lastInsertRowid);
  }

  save(run: RunRecord): void {
    inTransaction(this.#db, () => {
      this.#write(run);
    });
  }

  #write(run: RunRecord): void {
    this.#db
      .prepare(
        "INSERT OR REPLACE INTO runs (run_id, job_id, created_at, ended_at, record) VALUES (?, ?, ?, ?, ?)",
      )
      .run(
        run.runId,
        run.jobId ?? null,
        run.createdAt,
        run.endedAt ?? null,
        JSON.stringify(run),
      );
    const owner = this.#db.prepare(
      "INSERT OR IGNORE INTO task_runs (task_run_id, run_id) VALUES (?, ?)",
    );
    for (const task of run.tasks) owner.run(task.runId, run.runId);
    if (run.token !== undefined)
      this.#db
        .prepare("INSERT OR IGNORE INTO tokens (token, run_id) VALUES (?, ?)")
        .run(run.token, run.runId);
  }

  get(runId: number): RunRecord | undefined {
    const row = this.#db
      .prepare("SELECT record FROM runs WHERE run_id = ?")
      .get(runId);
    return row && parsed(row["record"]);
  }

  /** The job run that a task run is part of. */
  runOfTask(taskRunId: number): number | undefined {
    const row = this.#db
      .prepare("SELECT run_id FROM task_runs WHERE task_run_id = ?")
      .get(taskRunId);
    return row && Number(row["run_id"]);
  }

  /** The run that an idempotency token stands for, also when it has been deleted. */
  runOfToken(token: string): number | undefined {
    const row = this.#db
      .prepare("SELECT run_id FROM tokens WHERE token = ?")
      .get(token);
    return row && Number(row["run_id"]);
  }

  active(): RunRecord[] {
    return this.#db
      .prepare("SELECT record FROM runs WHERE ended_at IS NULL ORDER BY run_id")
      .all()
      .map((row) => parsed(row["record"]));
  }

  /** Newest first, by the time of the end; of the start for what still runs. */
  list(filter: RunFilter): RunRecord[] {
    const conditions = ["1 = 1"];
    const values: number[] = [];
    const add = (condition: string, ...given: number[]): void => {
      conditions.push(condition);
      values.push(...given);
    };
    if (filter.jobId !== undefined) add("coalesce(job_id, run_id) = ?", filter.jobId);
    if (filter.isOneTime !== undefined)
      add(filter.isOneTime ? "job_id IS NULL" : "job_id IS NOT NULL");
    if (filter.isActive !== undefined)
      add(filter.isActive ? "ended_at IS NULL" : "ended_at IS NOT NULL");
    if (filter.from !== undefined) add("created_at >= ?", filter.from);
    if (filter.to !== undefined) add("created_at <= ?", filter.to);
    return this.#db
      .prepare(
        `SELECT record FROM runs WHERE ${conditions.join(" AND ")}
         ORDER BY coalesce(ended_at, created_at) DESC, run_id DESC LIMIT ? OFFSET ?`,
      )
      .all(...values, filter.limit, filter.offset)
      .map((row) => parsed(row["record"]));
  }

  /** The token stays: using it again has to be refused. */
  delete(runId: number): void {
    this.#db.prepare("DELETE FROM runs WHERE run_id = ?").run(runId);
    this.#db.prepare("DELETE FROM task_runs WHERE run_id = ?").run(runId);
  }

  deleteEndedBefore(moment: number): void {
    this.#db
      .prepare(
        "DELETE FROM task_runs WHERE run_id IN (SELECT run_id FROM runs WHERE ended_at < ?)",
      )
      .run(moment);
    this.#db.prepare("DELETE FROM runs WHERE ended_at < ?").run(moment);
  }

  close(): void {
    this.#db.close();
  }
}

const parsed = (record: unknown): RunRecord =>
  JSON.parse(String(record)) as RunRecord;
