/**
 * SASL PLAIN (RFC 4616): a rule's name and its key at the connection's start, in place of put-token. Event Hubs offers
 * it beside CBS, and AMQP clients that are not Microsoft's know no other way.
 */
export class PlainLogin {
  outcome: boolean | undefined;
  username: string | undefined;
  readonly #isKey: (rule: string, key: string) => boolean;

  constructor(isKey: (rule: string, key: string) => boolean) {
    this.#isKey = isKey;
  }

  /** The response is `[authorization identity] NUL name NUL password`. */
  start(response: Buffer | undefined): void {
    const [, rule = "", key = ""] = (response ?? Buffer.alloc(0))
      .toString("utf8")
      .split("\0");
    this.outcome = this.#isKey(rule, key);
    this.username = rule;
  }
}
