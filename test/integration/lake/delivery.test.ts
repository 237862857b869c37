import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventSubscription } from "../../../local/src/service.ts";
import { Delivery } from "../../../local/src/services/lake/delivery.ts";
import { Outbox } from "../../../local/src/services/lake/outbox.ts";
import { Queues } from "../../../local/src/services/lake/queues.ts";
import { State } from "../../../local/src/services/lake/state.ts";
import { systemClock } from "../../../local/src/shared/clock.ts";
import { silent } from "../../../local/src/shared/log.ts";

const subscription: EventSubscription = {
  name: "files",
  eventTypes: ["Microsoft.Storage.BlobCreated"],
  subjectBeginsWith: "",
  subjectNotBeginsWith: [],
  apis: [],
  destination: { queue: "arrivals" },
};

const draft = {
  eventType: "Microsoft.Storage.BlobCreated",
  subject: "/blobServices/default/containers/lake/blobs/a",
  data: { api: "PutBlob" },
};

test("an event that comes the moment the last one was delivered is delivered too", async () => {
  const state = new State(mkdtempSync(join(tmpdir(), "assay-delivery-")));
  const queues = new Queues(state, systemClock);
  queues.create("arrivals", {});
  const outbox = new Outbox(state, [subscription], systemClock);
  const delivery = new Delivery(
    outbox,
    [subscription],
    queues,
    () => "",
    systemClock,
    silent,
  );
  const raise = (): void => {
    outbox.confirm(outbox.announce(draft, { file: "" }));
  };
  const rounds = 20;
  for (let round = 0; round < rounds; round += 1) {
    raise();
    // Between the delivery of the first and the end of its work lie a few turns of the microtask queue: all are tried.
    for (let turn = 0; turn < round; turn += 1) await Promise.resolve();
    raise();
    await new Promise((done) => setImmediate(done));
    expect(waiting(state)).toBe(0);
  }
  await delivery.stop();
  state.close();
});

const waiting = (state: State): number =>
  Number(
    state.database.prepare("SELECT count(*) AS count FROM outbox").get()?.[
      "count"
    ],
  );
