import {
  startOrchestration,
  type Starter,
  type StartResult,
} from "../startOrchestration.ts";

/** Starts the orchestration that delivers to one sink of a pipeline. */
export interface Deliveries {
  start(client: Starter, pipeline: string, sink: string): Promise<StartResult>;
}

export const deliveryIdOf = (pipeline: string, sink: string): string =>
  `deliver-${pipeline}-${sink}`;

export const createDeliveries = (): Deliveries => ({
  start: (client, pipeline, sink) =>
    startOrchestration(client, "deliver", deliveryIdOf(pipeline, sink), {
      pipeline,
      sink,
    }),
});
