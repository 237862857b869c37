import type { SinkKind } from "../kind.ts";

/** None: the account and the database are the app's own settings. */
export const settings: SinkKind["settings"] = () => ({});
