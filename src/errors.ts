/** Every error the app knows: whose fault, whether repeating helps, what to do. `docs/errors.md` is this table. */

export type Fault = "ours" | "theirs" | "input";

interface Entry {
  readonly fault: Fault;
  /** Whether repeating can help. An activity is repeated either way: the engine knows no error from another. */
  readonly retryable: boolean;
  /** The HTTP status, where a caller of the API can meet it. */
  readonly status?: number;
  readonly whatToDo: string;
}

export const errorTable = {
  SETTINGS_WRONG: {
    fault: "ours",
    retryable: false,
    whatToDo:
      "Set the names in the message; local.settings.sample.json shows the form of each.",
  },
  DEFINITION_BROKEN: {
    fault: "ours",
    retryable: false,
    whatToDo: "Run npm run package again: it writes the compiled definitions.",
  },
  DELIVERY_MISALIGNED: {
    fault: "theirs",
    retryable: true,
    whatToDo:
      "The host gave bodies and positions of different lengths. The partition stands still until this is solved: raise a support case with the log.",
  },
  BRONZE_CONFLICT: {
    fault: "ours",
    retryable: true,
    whatToDo:
      "Another file has the same position and other events: the hub was recreated or failed over. The next try reads the hub's generation anew; if it stays, compare the two.",
  },
  BODY_REFUSED: {
    fault: "theirs",
    retryable: true,
    whatToDo:
      "A service answered with something that is not what its documentation says. The log has the address.",
  },
  DATABRICKS_REFUSED: {
    fault: "theirs",
    retryable: true,
    whatToDo:
      "Databricks answered with an error that waiting did not cure: check DATABRICKS_HOST and the identity's right to run the job.",
  },
  JOB_NOT_FOUND: {
    fault: "ours",
    retryable: true,
    whatToDo:
      "Deploy the bundle, give the app's identity CAN_MANAGE_RUN on its job, and write the job's name into DATABRICKS_JOB_NAME where it is another: a target in development mode puts [dev <user>] before it. Of several of one name delete all but one.",
  },
  STORE_REFUSED: {
    fault: "theirs",
    retryable: true,
    whatToDo:
      "Cosmos DB refused some documents: check that the container exists (infra/generated/pipelines.json), the identity's data role, and for 403 whether a logical partition (the key's first column) holds 20 GB already.",
  },
  DOCUMENTS_REFUSED: {
    fault: "input",
    retryable: false,
    whatToDo:
      "Cosmos DB refuses more than a thousand rows by their own fault: they are too large, or their keys are. _assay/pipelines/{pipeline}/sinks/{sink}/refused lists them with the reason. Change the gold table's SQL and npm run reload the table; the next probe, or npm run retry, passes over what that makes up for. Without a reload each of them delivers one part, whatever is refused of it.",
  },
  SINK_SETTING_WRONG: {
    fault: "ours",
    retryable: false,
    whatToDo:
      "Set the setting that the message names; docs/settings.md says its form. The other sinks go on meanwhile.",
  },
  SINK_KIND_UNKNOWN: {
    fault: "ours",
    retryable: true,
    whatToDo:
      "The app that runs has no such kind of sink: during a deployment the new version goes on by itself. Else deploy the version that has the kind, or remove the sink from pipeline.yaml.",
  },
  SINK_TARGET_REPLACED: {
    fault: "ours",
    retryable: false,
    whatToDo:
      "The container was deleted, or made anew and is empty. Make sure that it is there (infra/generated/pipelines.json), then npm run reload fills it from the gold table.",
  },
  SINK_UNREACHABLE: {
    fault: "theirs",
    retryable: true,
    whatToDo:
      "The sink's service did not answer. It is probed again, ever more rarely, up to once an hour; npm run retry does it at once.",
  },
  RECEIVER_REFUSED: {
    fault: "theirs",
    retryable: true,
    whatToDo:
      "The receiver of a notify sink answered with something else than 2xx: check its address and its secret. It is probed again up to once an hour; npm run retry does it at once.",
  },
  DELIVERY_FAILED: {
    fault: "theirs",
    retryable: true,
    whatToDo:
      "A function of the delivery ended without an answer: the log of the app has its error.",
  },
  JOB_FAILED: {
    fault: "ours",
    retryable: true,
    whatToDo:
      "The job failed: GET /api/batches/{pipeline} shows its message and the page of its run. The batch is tried again after an hour, or at once with another definition or by npm run retry; npm run skip goes on without it.",
  },
  PLAN_BROKEN: {
    fault: "ours",
    retryable: true,
    whatToDo:
      "A plan would have left events out, so it was not written, and nothing is lost. Deploying an earlier version of the app may free the pipeline; raise an issue with the message.",
  },
  RESULT_MISSING: {
    fault: "ours",
    retryable: true,
    whatToDo:
      "The job run succeeded and left no process.json: compare the job's root with the lake's container.",
  },
  STATE_MISSING: {
    fault: "ours",
    retryable: false,
    whatToDo:
      "A document that the state of the pipeline needs is not in the lake. Was something below _assay deleted?",
  },
  STATE_VERSION: {
    fault: "ours",
    retryable: false,
    whatToDo:
      "The state in the lake is of another version of Assay, and there is no migration between the two: run the version that wrote it, or begin with an empty lake (on a laptop: npm start -- --reset).",
  },
  PIPELINE_UNKNOWN: {
    fault: "input",
    retryable: false,
    status: 404,
    whatToDo: "GET /api/pipelines lists the pipelines.",
  },
  TABLE_UNKNOWN: {
    fault: "input",
    retryable: false,
    status: 404,
    whatToDo: "Ask for a gold table of the pipeline's pipeline.yaml.",
  },
  BATCH_UNKNOWN: {
    fault: "input",
    retryable: false,
    status: 404,
    whatToDo: "GET /api/batches/{pipeline} lists the newest batches.",
  },
  TABLE_NOT_SERVED: {
    fault: "input",
    retryable: true,
    status: 404,
    whatToDo:
      "No batch with this table has reached the serving store yet: GET /api/pipelines/{pipeline} shows how far its sinks are.",
  },
  TABLE_IN_NO_SINK: {
    fault: "input",
    retryable: false,
    status: 404,
    whatToDo:
      "The API reads what sinks of kind cosmos hold. The pipeline's author decides in pipeline.yaml which tables they get: list the table below such a sink, or read it where the pipeline's other sinks put it.",
  },
  TABLE_CHANGING: {
    fault: "input",
    retryable: true,
    status: 409,
    whatToDo:
      "The documents of the table are being written anew by another key: ask again in a moment, by the key that GET /api/pipelines/{pipeline} tells. Where it lasts, the sink is blocked there.",
  },
  KEY_NOT_FOUND: {
    fault: "input",
    retryable: false,
    status: 404,
    whatToDo: "No row of this key is served. Leave the last parts off to list.",
  },
  KEY_WRONG: {
    fault: "input",
    retryable: false,
    status: 400,
    whatToDo:
      'Give the parts of the table\'s key in its order, one path segment each, or all of them as a JSON array in the query: ?key=["A/B","2001"].',
  },
  QUERY_WRONG: {
    fault: "input",
    retryable: false,
    status: 400,
    whatToDo:
      "limit is a whole number from 1 to 1000; continuation is what an earlier answer gave; key is a JSON array of texts.",
  },
  INTERNAL: {
    fault: "ours",
    retryable: true,
    status: 500,
    whatToDo:
      "Something failed that has no code of its own: look for the correlation id of the answer in the log.",
  },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof errorTable;

export class AssayError extends Error {
  readonly code: ErrorCode;
  readonly fault: Fault;
  /** The message without the code. */
  readonly detail: string;
  readonly whatToDo: string;
  readonly status: number;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
    const entry: Entry = errorTable[code];
    this.name = "AssayError";
    this.code = code;
    this.fault = entry.fault;
    this.detail = message;
    this.whatToDo = entry.whatToDo;
    this.status = entry.status ?? 500;
  }
}
