import { join } from "node:path";
import type { News } from "../platform/children.ts";
import { complain, say, sayStage } from "./say.ts";
import { stopwatch } from "./stopwatch.ts";

/** A laptop takes 5 to 10 s; after this a person wonders. */
const SLOW_MS = 20_000;

/** Tells what becomes of Spark, which starts beside everything else. That it is down ends the start, and is told there. */
export function sparkNews(stateDir: string): {
  readonly tell: (news: News) => void;
} {
  const watch = stopwatch();
  const log = join(stateDir, "logs", "spark.log");
  const slow = setInterval(() => {
    say(
      `  Spark is starting for ${watch.total().toFixed(0)} s. Its log: ${log}`,
    );
  }, SLOW_MS);
  slow.unref();
  return {
    tell({ event, message = "" }) {
      if (event === "spark.ready") {
        clearInterval(slow);
        sayStage("Spark started (meanwhile)", watch.total());
      }
      if (event === "spark.failed") complain(`  ${message}`);
      if (event === "spark.down") clearInterval(slow);
    },
  };
}
