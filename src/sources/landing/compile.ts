import type { LandingSource } from "../../domain/definition.ts";
import type { LandingYaml } from "./yaml.ts";

export const compile = (
  {
    landing: folder,
    trigger,
    format,
    on_redrop: onRedrop,
    on_repeated_key: onRepeatedKey,
  }: LandingYaml,
  contract: object,
): LandingSource => ({
  kind: "landing",
  input: "files",
  folder,
  trigger,
  format,
  onRedrop,
  onRepeatedKey,
  contract: { ...contract },
});
