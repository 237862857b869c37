import type { DurableClient } from "durable-functions";
import { sweep } from "../../../src/functions/sweep.ts";
import { findWork } from "../../../src/process/findWork.ts";
import type { World } from "./world.ts";

/** Nothing is called of it: a world records starts before they come to it. */
const CLIENT = Object.create(null) as DurableClient;

/** The sweep as its timer runs it. */
export const sweepOnce = (world: World): Promise<void> =>
  sweep({ ...world, durable: CLIENT }, CLIENT);

/** Whether a sweep would start the pipeline's watcher. */
export const hasWork = async (
  world: World,
  pipeline: string,
): Promise<boolean> => (await findWork(world, pipeline)) !== "none";
