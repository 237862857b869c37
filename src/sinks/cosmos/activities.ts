import type { AppContext } from "../../context.ts";
import { answerFailure } from "../answerFailure.ts";
import { openContainers, type OpenContainers } from "./openContainers.ts";
import { removeOlder, type RemoveOlder } from "./removeOlder.ts";
import { writePart, type WritePart } from "./writePart.ts";

export function createActivities(context: AppContext) {
  return {
    cosmosOpenContainers: (open: OpenContainers) =>
      answerFailure(() => openContainers(context, open)),
    cosmosWritePart: (ask: WritePart) =>
      answerFailure(() => writePart(context, ask)),
    cosmosRemoveOlder: (ask: RemoveOlder) =>
      answerFailure(() => removeOlder(context, ask)),
  };
}

export type CosmosActivities = ReturnType<typeof createActivities>;
