import { hub } from "./hub/index.ts";
import type { SourceKind } from "./kind.ts";
import { landing } from "./landing/index.ts";

/** Every kind of source: where input comes from. */
export const sourceKinds: readonly SourceKind[] = [hub, landing];
