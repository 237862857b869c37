/** Every document that lies below `_assay`. `npm run package` writes each as `schemas/<name>.schema.json`. */
import {
  attempt,
  blocked,
  definitionOverride,
  failure,
  manifest,
  process,
  report,
  silver,
  skipped,
} from "./batch.ts";
import { definition } from "./definition.ts";
import { line } from "./line.ts";
import {
  fileAssignment,
  incarnation,
  pendingFile,
  refusedDocument,
  request,
  sinkHead,
  stream,
} from "./pipeline.ts";
import { inputStatus, planFailure } from "./status.ts";
import { setAsideFile, sweepReport } from "./sweep.ts";

export const documentSchemas = {
  attempt,
  blocked,
  definition,
  definitionOverride,
  failure,
  fileAssignment,
  incarnation,
  inputStatus,
  line,
  manifest,
  pendingFile,
  planFailure,
  process,
  refusedDocument,
  report,
  request,
  setAsideFile,
  silver,
  sinkHead,
  skipped,
  stream,
  sweepReport,
};
