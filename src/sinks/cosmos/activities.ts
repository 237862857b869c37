import type { AppContext } from "../../context.ts";
import { attempt } from "../failure.ts";
import { openContainers, type OpenContainers } from "./openContainers.ts";
import { removeOlder, type RemoveOlder } from "./removeOlder.ts";
import { writePart, type WritePart } from "./writePart.ts";

export function createActivities(context: AppContext) {
  return {
    cosmosOpenContainers: (open: OpenContainers) =>
      attempt(() => openContainers(context, open)),
    cosmosWritePart: (ask: WritePart) => attempt(() => writePart(context, ask)),
    cosmosRemoveOlder: (ask: RemoveOlder) =>
      attempt(() => removeOlder(context, ask)),
  };
}

export type CosmosActivities = ReturnType<typeof createActivities>;
