import type { SinkKind } from "../kind.ts";
import { settingNamesOf } from "./settings.ts";

export const provision: SinkKind["provision"] = (pipeline, sink) => {
  const { url, secret } = settingNamesOf({ pipeline, sink });
  return { settings: [url, secret] };
};
