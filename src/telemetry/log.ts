import type { InvocationContext } from "@azure/functions";
import type { Log } from "./events.ts";

/** One line of JSON an event, through the invocation: the host adds its id, the function and the time. */
export const logOf =
  (context: InvocationContext): Log =>
  (level, event, fields) => {
    const line = JSON.stringify({ event, ...fields });
    if (level === "error") context.error(line);
    else if (level === "warning") context.warn(line);
    else context.log(line);
  };

export const silent: Log = () => undefined;
