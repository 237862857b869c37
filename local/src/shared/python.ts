import { join } from "node:path";

/** The interpreter of the environment that set-up made. */
export const pythonIn = (toolsDir: string): string =>
  join(toolsDir, "venv", "bin", "python");
