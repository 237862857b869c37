/** Where the management API is, and what stands in its addresses. */
export interface Addresses {
  /** The host's own origin, without a trailing slash. */
  readonly baseUrl: string;
  readonly systemKey: string;
  readonly taskHub: string;
}

export const WEBHOOK_PATH = "/runtime/webhooks/durabletask";
/** What the SDK calls. On Azure it is a port of its own, closed to the outside; here it is a path of the same server. */
export const RPC_PATH = "/durabletask";

const CONNECTION = "Storage";

/** The addresses of one instance, as a start answers them and the SDK hands them on. */
export function managementUrls(
  instanceId: string,
  { baseUrl, systemKey, taskHub }: Addresses,
) {
  const instance = `${baseUrl}${WEBHOOK_PATH}/instances/${instanceId}`;
  const query = `taskHub=${taskHub}&connection=${CONNECTION}&code=${systemKey}`;
  return {
    id: instanceId,
    statusQueryGetUri: `${instance}?${query}`,
    sendEventPostUri: `${instance}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: `${instance}/terminate?reason={text}&${query}`,
    rewindPostUri: `${instance}/rewind?reason={text}&${query}`,
    purgeHistoryDeleteUri: `${instance}?${query}`,
    restartPostUri: `${instance}/restart?${query}`,
    suspendPostUri: `${instance}/suspend?reason={text}&${query}`,
    resumePostUri: `${instance}/resume?reason={text}&${query}`,
  };
}

/** The value of a `durableClient` input binding. The SDK replaces INSTANCEID. */
export function clientBinding(addresses: Addresses) {
  const { baseUrl, systemKey, taskHub } = addresses;
  const create = `${baseUrl}${WEBHOOK_PATH}/orchestrators/{functionName}[/{instanceId}]`;
  return {
    taskHubName: taskHub,
    creationUrls: {
      createNewInstancePostUri: `${create}?code=${systemKey}`,
      createAndWaitOnNewInstancePostUri: `${create}?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&code=${systemKey}`,
    },
    managementUrls: managementUrls("INSTANCEID", addresses),
    baseUrl: `${baseUrl}${WEBHOOK_PATH}`,
    requiredQueryStringParameters: `code=${systemKey}`,
    rpcBaseUrl: `${baseUrl}${RPC_PATH}/`,
  };
}
