import type { Operation } from "../request.ts";
import { feedReply } from "./feed.ts";

/** Nothing here has a throughput of its own: the laptop is the limit. */
export const listOffers: Operation = () => feedReply("Offers", "", []);
