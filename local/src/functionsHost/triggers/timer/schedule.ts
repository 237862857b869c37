import { Cron } from "croner";
import { AppFault, messageOf } from "../../app/appFault.ts";
import { timeSpanMs } from "../../app/hostJson.ts";

/** When a timer fires next. */
export interface Schedule {
  next(after: number): number;
}

/** NCRONTAB with six fields, seconds first, or a time span between two runs. */
export function readSchedule(text: string, where: string): Schedule {
  const spanMs = timeSpanMs(text);
  if (spanMs !== undefined && spanMs > 0)
    return { next: (after) => after + spanMs };
  if (text.trim().split(/\s+/).length !== 6)
    throw new AppFault(
      `${where} has the schedule '${text}': it must have six fields, seconds first.`,
    );
  try {
    // In NCRONTAB a day must match both day fields; Unix cron takes either.
    const cron = new Cron(text, {
      paused: true,
      domAndDow: true,
      timezone: process.env["WEBSITE_TIME_ZONE"] ?? "UTC",
    });
    return {
      next: (after) => cron.nextRun(new Date(after))?.getTime() ?? Infinity,
    };
  } catch (error) {
    throw new AppFault(
      `${where} has the schedule '${text}', which cannot be read: ${messageOf(error)}`,
    );
  }
}
