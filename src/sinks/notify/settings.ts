import type { SinkKind } from "../kind.ts";

/** None in pipeline.yaml: the address and the secret differ from one installation to the next. */
export const settings: SinkKind["settings"] = () => ({});

export interface SettingNames {
  /** An https address. */
  readonly url: string;
  /** A signing secret as Standard Webhooks writes them: `whsec_` and base64. */
  readonly secret: string;
}

export function settingNamesOf(sink: string): SettingNames {
  const prefix = `NOTIFY_${sink.toUpperCase()}`;
  return { url: `${prefix}_URL`, secret: `${prefix}_SECRET` };
}
