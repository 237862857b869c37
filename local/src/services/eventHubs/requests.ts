import rhea, { type Message, type Receiver } from "rhea";
import { CBS, nodeOf } from "./address.ts";
import { EventHubsError, errorOfStatus, fail } from "./errors.ts";
import { operations } from "./operations/index.ts";
import type { Answer, Namespace, Request } from "./operations/operation.ts";
import type { Peer } from "./peer.ts";

type Operation = (
  namespace: Namespace,
  request: Request,
) => Answer | Promise<Answer>;

/** Works on a request to $cbs or $management, and answers it on the link that it names, or on its own link's other half. */
export async function answerRequest(
  namespace: Namespace,
  peer: Peer,
  asked: Receiver,
  message: Message,
): Promise<void> {
  const properties = message.application_properties ?? {};
  const property = (name: string): string => {
    const value: unknown = properties[name];
    const isText = typeof value === "string" || typeof value === "number";
    return isText ? String(value) : "";
  };
  const [name, operation] = operationOf(nodeOf(asked.target), property);
  const { faults } = namespace.context;
  const fault = faults.meet("eventHubs", name, property("name"));
  if (fault?.action === "hang") return;
  const answer =
    fault?.action === "refuse"
      ? failed(errorOfStatus(fault.status))
      : await run(namespace, operation, { peer, message, property });
  if (!("condition" in answer)) namespace.context.witness?.(name, peer.agent);
  if (fault?.action === "lose") peer.destroy();
  else reply(peer, asked, message, answer);
}

function operationOf(
  node: string,
  property: (name: string) => string,
): [string, Operation] {
  const asked = property("operation");
  const type = property("type");
  if (node === CBS && asked === "put-token")
    return ["putToken", operations.putToken];
  if (node !== CBS && asked === "READ" && type === "com.microsoft:eventhub")
    return ["readHub", operations.readHub];
  if (node !== CBS && asked === "READ" && type === "com.microsoft:partition")
    return ["readPartition", operations.readPartition];
  const what = `the request ${asked} ${type} to ${node}`;
  return [asked, () => fail("notSupported", { what })];
}

interface FailedAnswer extends Answer {
  readonly condition: string;
}

const failed = ({
  status,
  condition,
  message,
}: EventHubsError): FailedAnswer => ({
  status,
  description: message,
  condition,
});

async function run(
  namespace: Namespace,
  operation: Operation,
  request: Request,
): Promise<Answer | FailedAnswer> {
  try {
    return await operation(namespace, request);
  } catch (error) {
    if (error instanceof EventHubsError) return failed(error);
    namespace.context.log("eventHubs.requestFailed", { error: String(error) });
    return failed(new EventHubsError("internalError"));
  }
}

function reply(
  peer: Peer,
  asked: Receiver,
  request: Message,
  answer: Answer | FailedAnswer,
): void {
  const { types } = rhea;
  const link = peer.replyLink(request.reply_to, asked);
  if (!link?.is_open()) return;
  link.send({
    correlation_id: request.message_id,
    application_properties: {
      "status-code": types.wrap_int(answer.status),
      "status-description": answer.description,
      ...("condition" in answer && {
        "error-condition": types.wrap_symbol(answer.condition),
      }),
    },
    body: answer.body,
  } as Message);
}
