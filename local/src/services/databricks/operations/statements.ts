import { isObject } from "../bundle/source.ts";
import { errors, fail } from "../errors.ts";
import type { SqlRequest } from "../spark/protocol.ts";
import type { Statement } from "../statements/statements.ts";
import {
  type Fields,
  integer,
  neededText,
  refuseOthers,
  text,
} from "./fields.ts";
import type { Call, Workspace } from "./workspace.ts";

/** The one warehouse: the Spark server itself. */
export const warehouseId = "local";

const PARAMETER_TYPES = [
  "STRING",
  "BOOLEAN",
  "INT",
  "BIGINT",
  "DOUBLE",
  "DECIMAL",
  "DATE",
  "TIMESTAMP",
];

export async function executeStatement(
  workspace: Workspace,
  { fields }: Call,
): Promise<object> {
  refuseOthers(fields, [
    "statement",
    "warehouse_id",
    "parameters",
    "catalog",
    "schema",
    "wait_timeout",
    "on_wait_timeout",
    "disposition",
    "format",
    "row_limit",
    "query_tags",
  ]);
  const warehouse = neededText(fields, "warehouse_id");
  if (warehouse !== warehouseId)
    fail(errors.noSuchWarehouse, warehouse, warehouseId);
  only(fields, "disposition", "INLINE");
  only(fields, "format", "JSON_ARRAY");
  const sql = neededText(fields, "statement");
  if (Buffer.byteLength(sql) > workspace.limits.statementBytes)
    fail(errors.invalid, "The statement is longer than 16 MiB.");
  const waitMs = waitTime(workspace, fields);
  const onTimeout = text(fields, "on_wait_timeout") ?? "CONTINUE";
  if (!["CONTINUE", "CANCEL"].includes(onTimeout))
    fail(errors.invalid, "on_wait_timeout is CONTINUE or CANCEL");
  const rowLimit = integer(fields, "row_limit");
  const catalog = text(fields, "catalog");
  const schema = text(fields, "schema");
  const statement = workspace.statements.execute({
    statement: sql,
    parameters: parametersOf(fields),
    ...(catalog === undefined ? {} : { catalog }),
    ...(schema === undefined ? {} : { schema }),
    ...(rowLimit === undefined ? {} : { rowLimit }),
  });
  if (waitMs > 0 && !(await endsWithin(workspace, statement, waitMs)))
    if (onTimeout === "CANCEL") {
      workspace.statements.cancel(statement);
      await statement.ended;
    }
  return view(statement);
}

export function getStatement(workspace: Workspace, { id }: Call): object {
  return view(find(workspace, id));
}

export function cancelStatement(workspace: Workspace, { id }: Call): object {
  workspace.statements.cancel(find(workspace, id));
  return {};
}

function find({ statements }: Workspace, id: string): Statement {
  return statements.get(id) ?? fail(errors.noSuchStatement, id);
}

function only(fields: Fields, name: string, value: string): void {
  const given = text(fields, name);
  if (given !== undefined && given !== value)
    fail(
      errors.invalid,
      `The local workspace gives results as ${name} ${value} only, not ${given}.`,
    );
}

function waitTime({ limits }: Workspace, fields: Fields): number {
  const { least, most, usual } = limits.waitSeconds;
  const given = text(fields, "wait_timeout") ?? `${usual}s`;
  const seconds = Number(/^(\d+)s$/.exec(given)?.[1]);
  if (seconds === 0 || (seconds >= least && seconds <= most))
    return seconds * 1000;
  return fail(
    errors.invalid,
    `wait_timeout is 0s, or between ${least}s and ${most}s.`,
  );
}

function endsWithin(
  { clock }: Workspace,
  statement: Statement,
  ms: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(false));
    void statement.ended.then(() => {
      cancel();
      resolve(true);
    });
  });
}

function parametersOf(fields: Fields): SqlRequest["parameters"] {
  const given = fields["parameters"];
  if (given === undefined) return [];
  if (!Array.isArray(given)) return fail(errors.invalid, "parameters is a list");
  return given.map((one: unknown) => {
    if (!isObject(one)) return fail(errors.invalid, "A parameter is an object");
    const type = text(one, "type") ?? "STRING";
    if (!PARAMETER_TYPES.includes(type.split("(")[0]?.toUpperCase() ?? ""))
      fail(
        errors.invalid,
        `A parameter's type is one of ${PARAMETER_TYPES.join(", ")}.`,
      );
    // Without a value it is NULL.
    const value = text(one, "value");
    return {
      name: neededText(one, "name"),
      type,
      ...(value === undefined ? {} : { value }),
    };
  });
}

function view({ id, outcome }: Statement): object {
  if (outcome.state === "FAILED")
    return {
      statement_id: id,
      status: {
        state: outcome.state,
        error: { error_code: "BAD_REQUEST", message: outcome.message },
        ...(outcome.sqlState ? { sql_state: outcome.sqlState } : {}),
      },
    };
  if (outcome.state !== "SUCCEEDED")
    return { statement_id: id, status: { state: outcome.state } };
  const { columns, rows, truncated } = outcome.answer;
  const chunk = { chunk_index: 0, row_offset: 0, row_count: rows.length };
  return {
    statement_id: id,
    status: { state: outcome.state },
    manifest: {
      format: "JSON_ARRAY",
      schema: { column_count: columns.length, columns },
      total_chunk_count: 1,
      chunks: [chunk],
      total_row_count: rows.length,
      truncated,
    },
    result: { ...chunk, data_array: rows },
  };
}
