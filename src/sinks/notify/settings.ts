import type { SinkKind, SinkRef } from "../kind.ts";

/** None in pipeline.yaml: the address and the secret differ from one installation to the next. */
export const settings: SinkKind["settings"] = () => ({});

export interface SettingNames {
  /** An https address. */
  readonly url: string;
  /**
   * Signing secrets as Standard Webhooks writes them: `whsec_` and the base64 of 24 bytes or more. Several, with spaces
   * between them, while one is exchanged for another.
   */
  readonly secret: string;
}

export function settingNamesOf({ pipeline, sink }: SinkRef): SettingNames {
  const prefix = `NOTIFY_${pipeline.toUpperCase()}_${sink.toUpperCase()}`;
  return { url: `${prefix}_URL`, secret: `${prefix}_SECRET` };
}
