import rhea, { type Connection, type Receiver } from "rhea";
import type { Host } from "../hostContext.ts";
import { RENEW_BEFORE_MS } from "../../connections/managedIdentity.ts";
import { tapConnection } from "./rawTransfers.ts";
import { requestsTo, type Ask } from "./requests.ts";

const RESOURCE = "https://eventhubs.azure.net/";
const DEFAULT_PORT = 5671;
/** Heartbeats come at half of it; the SDK's value. */
const IDLE_TIMEOUT_MS = 60_000;
/** Transfers that the peer may send before it must hear of us: far more than all credit together. */
const SESSION_WINDOW = 1_048_576;
/** The filter of a position, and its number in the registry of apache.org. */
const SELECTOR = "apache.org:selector-filter:string";
const SELECTOR_CODE = 0x468c00000004;
/** Settled by the sender: a checkpoint says what was handled, not an acknowledgement. */
const SETTLED = 1;

/** A connection to one hub with the host's identity. It does not mend itself: when it breaks, open another. */
interface HubConnection {
  readonly partitionIds: readonly string[];
  /** Resolves with the reason when the connection, or any of its links, has ended. */
  readonly ended: Promise<string>;
  receive(group: string, partitionId: string, selector: string): Receiver;
  close(): void;
}

export async function connectHub(
  host: Host,
  namespace: string,
  hub: string,
): Promise<HubConnection> {
  const connection = open(namespace, host.ca);
  tapConnection(connection);
  const ended = endOf(connection);
  const broken = ended.then((reason): never => {
    throw new Error(reason);
  });
  broken.catch(() => undefined);
  const close = (): void => {
    cancelRenewal();
    connection.close();
  };
  let cancelRenewal = (): void => undefined;
  try {
    const cbs = requestsTo(connection, "$cbs");
    const audience = `sb://${namespace}/${hub}`;
    const authorize = async (): Promise<string> => {
      const token = await host.identity.token(RESOURCE);
      await Promise.race([putToken(cbs, audience, token.value), broken]);
      const inMs = token.expiresAt - RENEW_BEFORE_MS / 2 - host.clock.now();
      cancelRenewal = host.clock.after(inMs, () => {
        authorize().catch(() => connection.close());
      });
      return token.value;
    };
    const token = await authorize();
    const partitionIds = await Promise.race([
      readPartitionIds(connection, hub, token),
      broken,
    ]);
    return {
      partitionIds,
      ended: ended.finally(() => cancelRenewal()),
      close,
      receive: (group, partitionId, selector) =>
        connection.open_receiver({
          source: {
            address: `${hub}/ConsumerGroups/${group}/Partitions/${partitionId}`,
            filter: {
              [SELECTOR]: rhea.types.wrap_described(selector, SELECTOR_CODE),
            },
          },
          // Another reader of the group with an epoch loses the partition to the newer one.
          properties: { "com.microsoft:epoch": rhea.types.wrap_long(0) },
          snd_settle_mode: SETTLED,
          credit_window: 0,
          autoaccept: false,
        }),
    };
  } catch (error) {
    close();
    throw error;
  }
}

function open(namespace: string, ca: string): Connection {
  const [host = "", port] = namespace.split(":");
  return rhea.create_container().connect({
    host,
    hostname: host,
    port: port === undefined ? DEFAULT_PORT : Number(port),
    transport: "tls",
    ca,
    // An address has no server name: TLS forbids to send one.
    servername: /^[\d.]+$/.test(host) ? "" : host,
    // A name without a password asks for SASL ANONYMOUS: the token comes later, by $cbs.
    username: "functions",
    reconnect: false,
    idle_time_out: IDLE_TIMEOUT_MS,
    session_buffer_size: { incoming: SESSION_WINDOW, outgoing: 2048 },
  });
}

const ENDINGS = [
  "connection_error",
  "connection_close",
  "session_error",
  "session_close",
  "sender_error",
  "sender_close",
  "receiver_error",
  "receiver_close",
  "protocol_error",
  "error",
  "disconnected",
];

interface Ending {
  readonly connection?: { readonly error?: Condition };
  readonly session?: { readonly error?: Condition };
  readonly sender?: { readonly error?: Condition };
  readonly receiver?: { readonly error?: Condition };
  readonly error?: Condition;
  readonly message?: string;
}
interface Condition {
  readonly description?: string;
  readonly message?: string;
}

function endOf(connection: Connection): Promise<string> {
  return new Promise((resolve) => {
    for (const name of ENDINGS)
      connection.on(name, (ending: Ending) => {
        const { receiver, sender, session, error } = ending;
        const condition =
          receiver?.error ??
          sender?.error ??
          session?.error ??
          ending.connection?.error ??
          error;
        resolve(
          condition?.description ??
            condition?.message ??
            ending.message ??
            `The connection ended (${name}).`,
        );
      });
  });
}

async function putToken(
  cbs: Ask,
  audience: string,
  token: string,
): Promise<void> {
  const { status, description } = await cbs(
    { operation: "put-token", type: "jwt", name: audience },
    token,
  );
  if (status !== 200 && status !== 202)
    throw new Error(`The token was refused: ${status} ${description}`);
}

async function readPartitionIds(
  connection: Connection,
  hub: string,
  token: string,
): Promise<readonly string[]> {
  const { status, description, body } = await requestsTo(
    connection,
    "$management",
  )(
    {
      operation: "READ",
      name: hub,
      type: "com.microsoft:eventhub",
      security_token: token,
    },
    undefined,
  );
  if (status !== 200)
    throw new Error(
      `The hub '${hub}' could not be read: ${status} ${description}`,
    );
  return (body as { partition_ids: readonly string[] }).partition_ids;
}
