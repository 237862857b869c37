/** The largest body of a request: https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#limits (in bytes). */
export const MAX_REQUEST_BYTES = 210_000_000;

/** Tries of a message or a blob before it is poison: https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue#host-json */
export const MAX_DEQUEUE_COUNT = 5;

/** A timer that fires more often is not monitored: https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#attributes */
export const LEAST_MONITORED_INTERVAL_MS = 60_000;

/** How long a message is hidden while a function has it; renewed at half time (the WebJobs SDK's fixed 10 minutes). */
export const MESSAGE_LEASE_MS = 600_000;

/** The first wait of a queue that is empty, doubled up to maxPollingInterval (the WebJobs SDK's minimum). */
export const FIRST_POLL_MS = 100;

/** Where events are fetched ahead by bytes: how many are asked for at a time, and what one is taken to weigh before the first has come (azure-amqp, ReceivingAmqpLink). */
export const MOST_CREDIT_BY_BYTES = 500;
export const FIRST_GUESS_BYTES = 262_144;
