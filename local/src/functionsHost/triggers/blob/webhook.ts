import type { IncomingMessage } from "node:http";
import { bodyOf } from "../http/request.ts";
import { writeJson, writeStatus } from "../http/response.ts";
import type { Handler } from "../../httpServer.ts";
import type { Note } from "./notes.ts";

const PATH = "/runtime/webhooks/blobs";
const PREFIX = "host.functions.";

interface GridEvent {
  readonly data?: {
    readonly url?: string;
    readonly eTag?: string;
    readonly validationCode?: string;
  };
}

/** Where Event Grid delivers to: it answers only when `take` has noted the blobs. */
export function blobWebhook(
  systemKey: string,
  functionNamed: (name: string) => string | undefined,
  take: (blobs: readonly Pick<Note, "function" | "path" | "etag">[]) => void,
): Handler {
  return async (request, response, path, query) => {
    if (path.toLowerCase() !== PATH) return false;
    const parameters = new URLSearchParams(query);
    const key = parameters.get("code") ?? request.headers["x-functions-key"];
    const named = parameters.get("functionName") ?? "";
    const functionName = named.toLowerCase().startsWith(PREFIX)
      ? functionNamed(named.slice(PREFIX.length))
      : undefined;
    if (request.method !== "POST" || functionName === undefined)
      writeStatus(response, 404);
    else if (key !== systemKey) writeStatus(response, 401);
    else {
      const events = await eventsOf(request);
      switch (request.headers["aeg-event-type"]) {
        case "SubscriptionValidation":
          writeJson(response, 200, {
            validationResponse: events[0]?.data?.validationCode,
          });
          break;
        case "Notification":
          take(
            events.map((event) => ({
              function: functionName,
              ...blobOf(event),
            })),
          );
          writeStatus(response, 202);
          break;
        case "Unsubscribe":
          writeStatus(response, 202);
          break;
        default:
          writeStatus(response, 400);
      }
    }
    return true;
  };
}

async function eventsOf(request: IncomingMessage): Promise<GridEvent[]> {
  const body = await bodyOf(request);
  if (body === undefined || body === "too large") return [];
  const parsed = JSON.parse(body.toString("utf8")) as GridEvent | GridEvent[];
  return Array.isArray(parsed) ? parsed : [parsed];
}

/** As on Azure, an event without these (a rename has none) is an error of the subscription: it is not taken. */
function blobOf({ data = {} }: GridEvent): { path: string; etag: string } {
  const { url, eTag } = data;
  if (url === undefined || eTag === undefined)
    throw new Error("An event without data.url and data.eTag names no blob.");
  // The account is the first part of the path: this platform's addresses are in path style.
  const [, , ...path] = new URL(url).pathname.split("/");
  return { path: path.map(decodeURIComponent).join("/"), etag: eTag };
}
