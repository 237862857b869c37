import type { SinkKind } from "../kind.ts";
import { settingNamesOf } from "./settings.ts";

export const provision: SinkKind["provision"] = (_pipeline, sink) => {
  const { url, secret } = settingNamesOf(sink);
  return { settings: [url, secret] };
};
