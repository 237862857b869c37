import type { AppContext } from "../../context.ts";
import { batchPaths } from "../../domain/paths.ts";
import type { ProcessRecord } from "../../domain/records.ts";
import { AssayError } from "../../errors.ts";
import { readDefinition } from "../../ledger/definitions.ts";
import { needDocument } from "../../ledger/documents.ts";
import { answerFailure } from "../answerFailure.ts";
import type { SinkRef } from "../kind.ts";
import type { Effect } from "../effects.ts";
import { eventOf } from "./event.ts";
import { settingNamesOf } from "./settings.ts";
import { headersOf, keysOfSecrets } from "./signature.ts";

export interface NotifySend extends SinkRef {
  readonly batch: number;
}

export function createActivities(context: AppContext) {
  return {
    notifySend: (ask: NotifySend) =>
      answerFailure(() => notifySend(context, ask)),
  };
}

export type NotifyActivities = ReturnType<typeof createActivities>;

/** Sends the event of one batch. Run again, it sends it again with the same id. */
async function notifySend(
  context: AppContext,
  { pipeline, sink, batch }: NotifySend,
): Promise<Effect> {
  const { config, lake, now, webhooks } = context;
  const names = settingNamesOf({ pipeline, sink });
  const url = config.sinkSetting(names.url);
  const secrets = config.sinkSetting(names.secret);
  if (!url || !secrets)
    throw new AssayError(
      "SINK_SETTING_WRONG",
      `${url ? names.secret : names.url} is not set.`,
    );
  const keys = keysOfSecrets(secrets);
  if (!keys || !URL.canParse(url) || new URL(url).protocol !== "https:")
    throw new AssayError(
      "SINK_SETTING_WRONG",
      keys
        ? `${names.url} is no https address.`
        : `${names.secret} is no whsec_ secret of 24 bytes or more.`,
    );
  const process = await needDocument<ProcessRecord>(
    lake,
    batchPaths(pipeline, batch).process,
  );
  const definition = await readDefinition(context, process);
  const event = eventOf({ pipeline, sink }, process, definition);
  const body = JSON.stringify(event);
  const status = await webhooks.post(
    url,
    headersOf(event.id, body, keys, now()),
    body,
  );
  if (status >= 200 && status < 300) return { kind: "done" };
  throw new AssayError("RECEIVER_REFUSED", `The receiver answered ${status}.`);
}
