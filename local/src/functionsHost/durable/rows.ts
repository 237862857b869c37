import type { SQLInputValue } from "node:sqlite";
import type { Arrival, ParentInstance } from "./history.ts";
import type { Instance, RuntimeStatus } from "./instance.ts";

/** What has arrived for an instance and no turn has taken yet. `executionId`: only that execution may have it. */
export interface Message {
  readonly id: number;
  readonly instanceId: string;
  readonly executionId: string | null;
  readonly event: Arrival;
}

export interface TaskKey {
  readonly instanceId: string;
  readonly executionId: string;
  readonly taskId: number;
}

export interface ScheduledActivity extends TaskKey {
  readonly name: string;
  /** JSON text of an array of one element. */
  readonly input: string;
}

export interface ScheduledTimer extends TaskKey {
  readonly fireAt: string;
}

export const SCHEMA_VERSION = 1;
export const schema = `
CREATE TABLE instances (instanceId TEXT PRIMARY KEY, executionId TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
  status TEXT NOT NULL, input TEXT NOT NULL, output TEXT, customStatus TEXT, createdAt TEXT NOT NULL, updatedAt TEXT NOT NULL,
  parent TEXT) WITHOUT ROWID;
CREATE TABLE history (instanceId TEXT, position INTEGER, event TEXT NOT NULL, PRIMARY KEY (instanceId, position)) WITHOUT ROWID;
CREATE TABLE messages (id INTEGER PRIMARY KEY, instanceId TEXT NOT NULL, executionId TEXT, event TEXT NOT NULL);
CREATE INDEX messagesOfInstance ON messages (instanceId);
CREATE TABLE activities (instanceId TEXT, executionId TEXT, taskId INTEGER, name TEXT NOT NULL, input TEXT NOT NULL,
  PRIMARY KEY (instanceId, executionId, taskId));
CREATE TABLE timers (instanceId TEXT, executionId TEXT, taskId INTEGER, fireAt TEXT NOT NULL,
  PRIMARY KEY (instanceId, executionId, taskId)) WITHOUT ROWID;
PRAGMA user_version = ${SCHEMA_VERSION};`;

export type Row = Readonly<Record<string, SQLInputValue>>;

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string")
    throw new Error(`Column ${column} is no text.`);
  return value;
}

export const textOrNull = (row: Row, column: string): string | null =>
  row[column] === null ? null : text(row, column);

export const keyOf = (row: Row): TaskKey => ({
  instanceId: text(row, "instanceId"),
  executionId: text(row, "executionId"),
  taskId: Number(row["taskId"]),
});

export function instanceOf(row: Row): Instance {
  const parent = textOrNull(row, "parent");
  return {
    instanceId: text(row, "instanceId"),
    executionId: text(row, "executionId"),
    name: text(row, "name"),
    version: text(row, "version"),
    // Written by putInstance only.
    status: text(row, "status") as RuntimeStatus,
    input: text(row, "input"),
    output: textOrNull(row, "output"),
    customStatus: textOrNull(row, "customStatus"),
    createdAt: text(row, "createdAt"),
    updatedAt: text(row, "updatedAt"),
    parent: parent === null ? null : (JSON.parse(parent) as ParentInstance),
  };
}
