/** Writes `schemas/`, as `npm run package` does: for when only a schema of `src/domain/schemas` has changed. */
import { join } from "node:path";
import { writeSchemas } from "./package/schemas.ts";

writeSchemas(join(import.meta.dirname, ".."));
