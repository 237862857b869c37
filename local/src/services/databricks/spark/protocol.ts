/** One JSON object a line, to and from `assay_local.supervisor`. */
export interface TaskRequest {
  readonly op: "startTask";
  readonly attempt: string;
  /** The Spark session of this attempt, and of nothing else. */
  readonly session: string;
  readonly package: string;
  readonly entryPoint: string;
  readonly parameters: readonly string[];
  readonly log: string;
}

export interface SqlRequest {
  readonly op: "sql";
  readonly id: string;
  readonly statement: string;
  readonly parameters: readonly {
    name: string;
    type?: string;
    value?: string | null;
  }[];
  readonly catalog?: string;
  readonly schema?: string;
  readonly rowLimit?: number;
  /** A result of more bytes is an error. */
  readonly mostBytes: number;
}

export type SupervisorRequest =
  | TaskRequest
  | SqlRequest
  | { readonly op: "killTask"; readonly attempt: string }
  | { readonly op: "cancelSql"; readonly id: string }
  | { readonly op: "stop" };

export interface SqlColumn {
  readonly name: string;
  readonly position: number;
  readonly type_name: string;
  readonly type_text: string;
  readonly type_precision?: number;
  readonly type_scale?: number;
}

export type SqlAnswer =
  | {
      readonly columns: readonly SqlColumn[];
      readonly rows: readonly (readonly (string | null)[])[];
      readonly truncated: boolean;
    }
  | {
      readonly error: string;
      readonly condition: string | null;
      readonly sqlState?: string | null;
    };

export type SupervisorEvent =
  | { readonly event: "held" | "warm" | "stopped" }
  | {
      readonly event: "locked" | "failed" | "log";
      readonly message: string;
    }
  | {
      readonly event: "ready";
      readonly port: number;
      readonly pid: number;
      readonly tables: number;
    }
  | {
      readonly event: "taskStarted";
      readonly attempt: string;
      readonly pid: number;
    }
  | {
      readonly event: "taskEnded";
      readonly attempt: string;
      /** Negative: the number of the signal that ended it. */
      readonly exitCode: number;
      readonly error: string | null;
      readonly trace: string | null;
      /** Operations of the session that had to be interrupted. */
      readonly interrupted: number;
    }
  | ({ readonly event: "statement"; readonly id: string } & SqlAnswer);
