/**
 * The limits of Durable Functions that an app meets on Azure. Sources: azure-functions-durable-extension 2.13.7
 * (a7c6d69) and DurableTask (5217032), by file.
 */

/**
 * One message: the input or result of an activity or sub-orchestration, an event. Azure Storage moves larger ones to blobs,
 * which works but is slow (AzureStorage/MessageManager.cs: 45 KB); here they are refused, so that nobody gets used to them.
 */
export const MAX_PAYLOAD_BYTES = 45 * 1024;

/** The custom status as JSON, in UTF-16 (DurableOrchestrationContext.cs, SetCustomStatus: 16 KB). */
export const MAX_CUSTOM_STATUS_BYTES = 16 * 1024;

/** DurableClient.cs: MaxInstanceIdLength. */
export const MAX_INSTANCE_ID_LENGTH = 256;

/** The longest timer of the storage (a queue message lives 7 days), and the pieces that longer ones are cut into. */
export const MAX_SHORT_TIMER_MS = 6 * 86_400_000;
export const LONG_TIMER_PIECE_MS = 3 * 86_400_000;

/** The same two as the SDK is told them, in the notation of a .NET TimeSpan. */
export const MAX_SHORT_TIMER_TEXT = "6.00:00:00";
export const LONG_TIMER_PIECE_TEXT = "3.00:00:00";

/** DurableTaskOptions.cs: DefaultAsyncRequestSleepTimeMilliseconds. */
export const HTTP_POLL_MS = 30_000;

/** DurableTaskOptions.cs: MaxOrchestrationActions. */
export const MAX_ORCHESTRATION_ACTIONS = 100_000;

/** Defaults of host.json on the Consumption plan (maxConcurrentActivityFunctions, maxConcurrentOrchestratorFunctions). */
export const MAX_CONCURRENT_ACTIVITIES = 10;
export const MAX_CONCURRENT_ORCHESTRATORS = 5;

/** How many instances a listing gives at once when the caller does not say. */
export const PAGE_SIZE = 100;

/** A request body is read up to this; what a payload may have is decided after that. Ours, not Azure's. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** How long `stop` waits for running functions. What still runs then is run again at the next start. Ours. */
export const STOP_GRACE_MS = 5_000;
