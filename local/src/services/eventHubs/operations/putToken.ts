import { parseAddress, pathOf } from "../address.ts";
import { fail } from "../errors.ts";
import { checkJwt, checkSas } from "../tokens.ts";
import type { Answer, Namespace, Request } from "./operation.ts";

/**
 * A client shows a token before it opens a link (claims-based security, AMQP CBS 1.0).
 * Source: learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide
 */
export async function putToken(
  { hubs, key, context }: Namespace,
  { peer, message, property }: Request,
): Promise<Answer> {
  const audience = property("name");
  const hub = parseAddress(
    pathOf(audience).replace(/\/\$management$/i, ""),
  )?.hub;
  if (hub !== undefined && !hubs.find(hub))
    fail("entityNotFound", { entity: audience });
  const token = String(message.body);
  const until = await (async () => {
    switch (property("type")) {
      case "jwt":
        return checkJwt(token, audience, context.tokens);
      case "servicebus.windows.net:sastoken":
        return checkSas(token, audience, key, context.clock.now());
      default:
        return fail("malformedToken");
    }
  })();
  peer.grant(audience, until);
  return { status: 202, description: "Accepted" };
}
