import { closeSync, mkdirSync, openSync, writevSync } from "node:fs";
import { join } from "node:path";
import rhea, {
  type Connection,
  type EventContext,
  type Receiver,
  type Session,
} from "rhea";
import { sasToken } from "../../test/support/eventHubs.ts";

/**
 * What ingestion is measured against: reads the same AMQP frames of every partition of a hub and appends the payloads
 * to one file per partition, without looking into them, without fsync. Prints one JSON line when it has read
 * `--events`. Usage:
 *
 *     node bench/ingest/bareLoop.ts --state <dir> --port <n> --hub <name> --partitions <n> --events <n> --out <dir>
 */
const CREDIT = 3000;
/** Payloads are written together, since one write each would make the yardstick easy. */
const WRITE_BYTES = 262_144;
/** A format that rhea does not decode. */
const UNDECODED = 0x7fff0000;

interface Tapped {
  on_transfer(frame: {
    performative: { message_format?: number | null };
  }): void;
}

function option(name: string): string {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? undefined : process.argv[at + 1];
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}

const hub = option("hub");
const partitions = Number(option("partitions"));
const wanted = Number(option("events"));
const out = option("out");
const audience = `sb://localhost/${hub}`;

mkdirSync(out, { recursive: true });
const files = Array.from({ length: partitions }, (_, id) => ({
  fd: openSync(join(out, `${id}.bin`), "a"),
  pending: [] as Buffer[],
  size: 0,
}));
type File = (typeof files)[number];
const fileOf = new Map<Receiver, File>();
let events = 0;
let bytes = 0;
let before = process.cpuUsage();

const connection: Connection = rhea.create_container().connect({
  transport: "tls",
  host: "localhost",
  port: Number(option("port")),
  username: "bare",
  reconnect: false,
});

connection.on("session_open", ({ session }: EventContext) => {
  if (session) tap(session);
});
connection.on("message", ({ receiver, message }: EventContext) => {
  if (!receiver) return;
  const file = fileOf.get(receiver);
  if (file === undefined) {
    openReceivers();
    return;
  }
  // The session is tapped: messages of events are bytes.
  const payload = message as unknown as Buffer;
  file.pending.push(payload);
  file.size += payload.length;
  if (file.size >= WRITE_BYTES) write(file);
  bytes += payload.length;
  events += 1;
  const { credit } = receiver as unknown as { credit: number };
  if (credit < CREDIT / 2) receiver.add_credit(CREDIT - credit);
  if (events >= wanted) finish();
});

requestClaim();

function tap(session: Session): void {
  const raw = session as unknown as Tapped;
  const take = raw.on_transfer.bind(session);
  raw.on_transfer = (frame) => {
    if (!frame.performative.message_format)
      frame.performative.message_format = UNDECODED;
    take(frame);
  };
}

function requestClaim(): void {
  connection.open_receiver({ source: "$cbs", name: "answers" });
  const sender = connection.open_sender("$cbs");
  sender.once("sendable", () =>
    sender.send({
      reply_to: "answers",
      message_id: 1,
      application_properties: {
        operation: "put-token",
        type: "servicebus.windows.net:sastoken",
        name: audience,
      },
      body: sasToken(option("state"), audience),
    }),
  );
}

function openReceivers(): void {
  before = process.cpuUsage();
  files.forEach((file, id) => {
    const receiver = connection.open_receiver({
      source: `${hub}/ConsumerGroups/$Default/Partitions/${id}`,
      credit_window: 0,
    });
    fileOf.set(receiver, file);
    receiver.add_credit(CREDIT);
  });
}

function write(file: File): void {
  if (file.pending.length > 0) writevSync(file.fd, file.pending);
  file.pending = [];
  file.size = 0;
}

function finish(): void {
  for (const file of files) write(file);
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = (user + system) / 1e6;
  process.stdout.write(`${JSON.stringify({ events, bytes, cpuSeconds })}\n`);
  for (const file of files) closeSync(file.fd);
  connection.removeAllListeners("message");
  connection.close();
}
