import type { Service } from "../../service.ts";
import { startServer } from "./server.ts";

/** Event Hubs: hubs, partitions and consumer groups over AMQP 1.0, with their events on disk. */
export const eventHubs: Service = {
  name: "eventHubs",
  endpoints: ["eventHubs"],
  start: startServer,
};
