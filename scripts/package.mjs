/**
 * `npm run package`: checks and compiles the pipelines, writes what is to be provisioned, and stages `out/app`, the
 * folder that is deployed. Every mistake of every pipeline is reported at once; warnings, on standard error too, stop
 * nothing.
 */
import { packageApp } from "./package/index.ts";
import { PipelineMistakes } from "./package/mistakes.ts";

try {
  const isForced = process.argv.includes("--force");
  const { isFresh, told, warnings } = await packageApp(isForced);
  console.log(
    isFresh
      ? "out/app is as it was: nothing has changed."
      : "out/app is staged.",
  );
  for (const line of told) console.log(line);
  for (const line of warnings) console.error(line);
} catch (error) {
  if (!(error instanceof PipelineMistakes)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
