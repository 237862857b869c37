import { whenParentDies } from "../../../scripts/parent.mjs";

/**
 * Ends this process when the one that started it dies, however it dies: the channel between them closes, or, for one
 * that has none, this process is given to another parent.
 */
export function endWithParent(stop: () => void): void {
  if (process.connected) process.once("disconnect", stop);
  else whenParentDies(stop);
}
