/** Receives the notifications: checks how each is signed, answers 500 now and then, and keeps what came when. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import { bodyUpTo } from "../../../local/src/shared/body.ts";
import { close, listen } from "../../../local/src/shared/listen.ts";
import type { TlsFiles } from "../../../local/src/shared/tls.ts";
import { chanceOf, type Chance } from "../chance.ts";

export interface Notification {
  readonly sink: string;
  readonly batch: number;
  /** Whether Cosmos had the batch when it came. */
  readonly isInCosmos: boolean;
}

/** One in so many is answered with 500 after it was kept: the sender cannot know what became of it. */
const REFUSED_ONE_IN = 8;
const MAX_BODY_BYTES = 1024 ** 2;
/** What Standard Webhooks allows between the clocks. */
const MOST_SKEW_SECONDS = 300;

export class Receiver {
  readonly #server: Server;
  readonly #isInCosmos: (batch: number) => boolean;
  readonly #key: Buffer;
  readonly #chance: Chance;
  readonly #received: Notification[] = [];
  /** Of what was no notification of ours. */
  readonly complaints: string[] = [];

  constructor(
    { cert, key }: TlsFiles,
    seed: number,
    isInCosmos: (batch: number) => boolean,
  ) {
    this.#isInCosmos = isInCosmos;
    this.#chance = chanceOf(seed, "receiver", 0);
    this.#key = Buffer.from(`the secret of ${seed}`.padEnd(32, "."));
    this.#server = createServer({ cert, key }, (request, response) => {
      void bodyUpTo(request, MAX_BODY_BYTES).then((body) => {
        const path = request.url ?? "/";
        const status = this.#take(path.slice(1), request.headers, body);
        response.writeHead(status).end();
      });
    });
  }

  /** As the setting of a sink holds it. */
  get secret(): string {
    return `whsec_${this.#key.toString("base64")}`;
  }

  async open(): Promise<string> {
    return `https://127.0.0.1:${await listen(this.#server, 0)}`;
  }

  close(): Promise<void> {
    return close(this.#server);
  }

  of(sink: string): readonly Notification[] {
    return this.#received.filter((one) => one.sink === sink);
  }

  /** How many batches a sink has told of. */
  batches(sink: string): number {
    return new Set(this.of(sink).map(({ batch }) => batch)).size;
  }

  #take(
    sink: string,
    headers: IncomingHttpHeaders,
    body: Buffer | undefined,
  ): number {
    const complaint = this.#check(headers, body ?? Buffer.alloc(0));
    const event = parsed(body);
    const batch = event?.data?.batch;
    const isOurs = event?.id?.endsWith(`/${String(batch)}/${sink}`) === true;
    if (complaint !== undefined || typeof batch !== "number" || !isOurs) {
      this.complaints.push(
        complaint ?? `'${event?.id ?? ""}' is no id of a batch for ${sink}.`,
      );
      return 400;
    }
    const isInCosmos = this.#isInCosmos(batch);
    this.#received.push({ sink, batch, isInCosmos });
    return this.#chance.oneIn(REFUSED_ONE_IN) ? 500 : 204;
  }

  /** What is wrong with the signature, by the text of Standard Webhooks. */
  #check(headers: IncomingHttpHeaders, body: Buffer): string | undefined {
    const [id, sentAt, signatures] = ["id", "timestamp", "signature"].map(
      (name) => String(headers[`webhook-${name}`] ?? ""),
    );
    const skew = Math.abs(Date.now() / 1000 - Number(sentAt));
    if (!(skew <= MOST_SKEW_SECONDS)) return `It was sent at '${sentAt}'.`;
    const wanted = createHmac("sha256", this.#key)
      .update(`${id}.${sentAt}.`)
      .update(body)
      .digest();
    const isSigned = (signatures ?? "").split(" ").some((signature) => {
      const [version, text = ""] = signature.split(",");
      const given = Buffer.from(text, "base64");
      return (
        version === "v1" &&
        given.length === wanted.length &&
        timingSafeEqual(given, wanted)
      );
    });
    return isSigned ? undefined : `The signature of '${id}' is wrong.`;
  }
}

interface Event {
  readonly id?: string;
  readonly data?: { readonly batch?: unknown };
}

function parsed(body: Buffer | undefined): Event | undefined {
  try {
    return JSON.parse(body?.toString() ?? "") as Event;
  } catch {
    return undefined;
  }
}
