/**
 * What planning, looks, sweeps and health cost as streams grow, over generated listings: counted, never timed. Each
 * scenario runs whole and at a tenth of its size, and what it costs for each new thing may not grow with what lies there.
 */
import type { Outcome, Prepare, Proof } from "../proof.ts";
import { judgeLanding } from "./landing.ts";
import { scenariosOf, type Counts } from "./scenarios.ts";

const DAY_SECONDS = 86_400;

/** The day of its short form is a tenth of one. */
export const scale: Prepare = ({ isShort }, say) => {
  const proof: Proof = {
    run: async () => {
      const counted = await runAll(
        isShort ? DAY_SECONDS / 10 : DAY_SECONDS,
        say,
      );
      if (isShort) return counted;
      const landed = await judgeLanding(say);
      return {
        failures: [...counted.failures, ...landed.failures],
        counts: { ...counted.counts, ...landed.counts },
      };
    },
    dispose: () => Promise.resolve(),
  };
  return Promise.resolve(proof);
};

async function runAll(
  daySeconds: number,
  say: (text: string) => void,
): Promise<Outcome> {
  const failures: string[] = [];
  const counts: Record<string, number> = {};
  for (const { name, run, judge } of scenariosOf(daySeconds)) {
    const tenth = await run(0.1);
    const whole = await run(1);
    failures.push(...judge(whole, tenth).map((text) => `${name}: ${text}`));
    say(`${name}: ${textOf(whole)} (at a tenth: ${textOf(tenth)})`);
    for (const [count, value] of Object.entries(whole))
      counts[`${name}.${count}`] = value;
    for (const [count, value] of Object.entries(tenth))
      counts[`${name}.${count}.tenth`] = value;
  }
  return { failures, counts };
}

const textOf = (counts: Counts): string =>
  Object.entries(counts)
    .map(([count, value]) => `${count} ${value}`)
    .join(", ");
