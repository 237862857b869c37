import { createHmac } from "node:crypto";
import { join } from "node:path";
import { Receiver } from "../../../bench/prove/sinks/receiver.ts";
import { projectDir } from "../../../local/src/platform/folders.ts";
import { ensureCertificate } from "../../../local/src/shared/tls.ts";

let receiver: Receiver;
let url: string;

beforeAll(async () => {
  const certificates = join(projectDir, ".assay", "tools", "certificates");
  const tls = await ensureCertificate(certificates);
  receiver = new Receiver(tls, 7, (batch) => batch < 3);
  url = await receiver.open();
});
afterAll(() => receiver.close());

async function send(
  batch: number,
  { sentAt = Date.now(), secret = receiver.secret } = {},
): Promise<number> {
  const id = `20260101T000000000Z-abcdef/${batch}/hook`;
  const body = JSON.stringify({ id, data: { batch } });
  const seconds = String(Math.floor(sentAt / 1000));
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const signature = createHmac("sha256", key)
    .update(`${id}.${seconds}.${body}`)
    .digest("base64");
  const { status } = await fetch(`${url}/hook`, {
    method: "POST",
    body,
    headers: {
      "webhook-id": id,
      "webhook-timestamp": seconds,
      "webhook-signature": `v1,${signature}`,
    },
  });
  return status;
}

test("what is signed is kept, with whether Cosmos has it; some of it is refused nevertheless", async () => {
  const statuses: number[] = [];
  for (let batch = 1; batch <= 40; batch += 1) statuses.push(await send(batch));
  expect([...new Set(statuses)].sort()).toEqual([204, 500]);
  expect(receiver.batches("hook")).toBe(40);
  expect(receiver.of("hook").filter(({ isInCosmos }) => isInCosmos)).toEqual([
    { sink: "hook", batch: 1, isInCosmos: true },
    { sink: "hook", batch: 2, isInCosmos: true },
  ]);
  expect(receiver.complaints).toEqual([]);
});

test("a wrong signature and an old one are complained of", async () => {
  const other = `whsec_${Buffer.from("another secret").toString("base64")}`;
  expect(await send(50, { secret: other })).toBe(400);
  expect(await send(51, { sentAt: Date.now() - 3_600_000 })).toBe(400);
  expect(receiver.complaints).toHaveLength(2);
  expect(receiver.batches("hook")).toBe(40);
});
