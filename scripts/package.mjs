/**
 * `npm run package`: checks and compiles the pipelines, writes what is to be provisioned, and stages `out/app`, the
 * folder that is deployed. Every mistake of every pipeline is reported at once.
 */
import { packageApp } from "./package/index.ts";
import { PipelineMistakes } from "./package/mistakes.ts";

try {
  const { isFresh, told } = await packageApp(process.argv.includes("--force"));
  console.log(
    isFresh
      ? "out/app is as it was: nothing has changed."
      : "out/app is staged.",
  );
  for (const line of told) console.log(line);
} catch (error) {
  if (!(error instanceof PipelineMistakes)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
