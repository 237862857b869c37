import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { appSettings } from "../../local/src/platform/settings.ts";
import { functionKey } from "../../local/src/shared/keys.ts";
import { provisionOf } from "../../scripts/package/provision.ts";
import { verbs } from "../../scripts/verbs.mjs";
import { settingNames } from "../../src/config.ts";
import { routes } from "../../src/functions/api/routes.ts";
import { batchView } from "../../src/serve/views/batches.ts";
import { healthView } from "../../src/serve/views/health.ts";
import { sinkState } from "../../src/serve/views/pipelines.ts";
import { eventOf } from "../../src/sinks/notify/event.ts";
import { headersOf, keysOfSecrets } from "../../src/sinks/notify/signature.ts";
import { notify } from "../../src/sinks/notify/index.ts";
import { aTable } from "../support/app/ended.ts";
import { aDefinition } from "../support/app/world.ts";
import { blocksOf, readPage, rowsOf, sectionOf } from "../support/docsPage.ts";

const readme = readPage("README.md");
const operations = readPage("docs/operations.md");
const settings = readPage("docs/settings.md");

test("README.md has the table of routes, with who may ask", () => {
  const rows = [
    ...sectionOf(readme, "The API").matchAll(
      /^\| `([^`]+)` +\|[^|]+\| (yes|no) +\|$/gm,
    ),
  ].map(([, route, needsKey]) => [route, needsKey]);
  expect(rows).toEqual(
    routes.map(({ method, path, role }) => [
      `${method} /api/${path}`,
      role === "anyone" ? "no" : "yes",
    ]),
  );
});

test("docs/operations.md has every state of a pipeline, a batch and a sink", () => {
  const states = (title: string): string[] =>
    rowsOf(sectionOf(operations, title)).sort();
  const { pipelines, status } = healthView.shape;
  expect(states("The states of a pipeline")).toEqual(
    [...pipelines.valueType.shape.state.options].sort(),
  );
  expect(states("The states of a batch")).toEqual(
    [...batchView.shape.state.options].sort(),
  );
  expect(states("The states of a sink")).toEqual([...sinkState.options].sort());
  for (const each of [
    ...status.options,
    ...batchView.shape.sinks.unwrap().valueType.options,
  ])
    expect(operations).toContain(`\`${each}\``);
});

test("docs/operations.md has each verb that writes a request", () => {
  for (const { name } of verbs.filter(({ name }) =>
    ["retry", "skip", "reload"].includes(name),
  ))
    expect(sectionOf(operations, name)).toContain(`npm run ${name} -- `);
});

test("docs/settings.md has every setting that the app, its platform and a sink read", () => {
  const { settings: ofSink = [] } = notify.provision("<PIPELINE>", "<SINK>", {
    kind: "notify",
    tables: [],
    settings: {},
  });
  expect(rowsOf(settings)).toEqual(
    expect.arrayContaining([...settingNames, ...ofSink]),
  );
  const dir = mkdtempSync(join(tmpdir(), "assay-docs-"));
  const local = appSettings(dir, new Map(), provisionOf([]));
  rmSync(dir, { recursive: true });
  for (const name of Object.keys(local))
    expect(settings).toContain(`\`${name}\``);
});

test("the CloudEvent of docs/settings.md is one that is sent, and its signature is verified as the page says", () => {
  const example = blocksOf(settings).find(
    ({ language }) => language === "json",
  );
  const counts = { rows: 2, inserted: 1, updated: 1, deleted: 0 };
  const event = eventOf(
    { pipeline: "flights", sink: "hook" },
    {
      version: 3,
      pipeline: "flights",
      incarnation: "20260301T120000000Z-0a1b2c",
      batch: 7,
      definition: "",
      sources: {},
      newestEventAt: {},
      tables: { airport_delays: { ...aTable("airport", "day"), ...counts } },
      sinks: {
        hook: { tables: { airport_delays: "changes" } },
        cosmos: { tables: { airport_delays: "changes" } },
      },
    },
    aDefinition(),
  );
  expect(JSON.parse(example?.text ?? "")).toEqual(event);
  const secrets = ["A", "B"].map((letter) => `whsec_${letter.repeat(32)}`);
  const keys = keysOfSecrets(secrets.join(" ")) ?? [];
  const body = JSON.stringify(event);
  const headers = headersOf(event.id, body, keys, Date.now());
  for (const secret of secrets)
    expect(new Webhook(secret).verify(body, headers)).toEqual(event);
  const written = rowsOf(sectionOf(settings, "What is sent"));
  expect(written).toEqual(Object.keys(headers));
});

test("the command of docs/settings.md prints the key of the API", () => {
  const [command] = blocksOf(sectionOf(settings, "The key of the API"));
  const dir = mkdtempSync(join(tmpdir(), "assay-docs-"));
  try {
    const key = functionKey(join(dir, ".assay"));
    const printed = execFileSync("bash", ["-c", command?.text ?? ""], {
      cwd: dir,
      encoding: "utf8",
    });
    expect(printed.trim()).toBe(key);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("the links between the pages lead to files and headings that are there", () => {
  const pages = [
    "README.md",
    "docs/pipeline.md",
    "docs/operations.md",
    "docs/settings.md",
  ];
  for (const path of pages)
    for (const [, target = ""] of readPage(path).matchAll(/\]\(([^)]+)\)/g)) {
      if (target.startsWith("https:")) continue;
      const [file = "", anchor] = target.split("#");
      const page = readPage(file === "" ? path : join(path, "..", file));
      if (anchor === undefined) continue;
      const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
        title
          .toLowerCase()
          .replace(/[^a-z0-9_ -]/g, "")
          .replaceAll(" ", "-"),
      );
      expect(anchors).toContain(anchor);
    }
});
