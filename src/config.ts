/** The only reader of the environment. `docs/settings.md` and `local.settings.sample.json` list the same names. */
import * as z from "zod/mini";
import { AssayError } from "./errors.ts";

const text = z.string().check(z.minLength(1));
const address = z.url();
const count = z.pipe(
  z.pipe(text, z.transform(Number)),
  z.int().check(z.nonnegative()),
);

// Read once per process: compiling a reader, as zod does by default, costs more than reading.
z.config({ jitless: true });

/**
 * Names of settings as on Azure, in the identity form of connections, by what cannot work without them. None is needed
 * when the package loads: the functions are indexed, and what is missing blocks only what asks for it.
 */
const groups = {
  eventHubs: z.object({ EventHubs__fullyQualifiedNamespace: text }),
  lake: z.object({
    Lake__blobServiceUri: address,
    Lake__dfsServiceUri: address,
    LAKE_CONTAINER: text,
    LANDING_SETTLE_SECONDS: count,
  }),
  /** Read by the host alone: by the queue, blob and timer triggers. */
  triggers: z.object({ Lake__queueServiceUri: address, SWEEP_SCHEDULE: text }),
  cosmos: z.object({ COSMOS_ENDPOINT: address, COSMOS_DATABASE: text }),
  databricks: z.object({
    DATABRICKS_HOST: address,
    /** A bundle in development mode puts `[dev <user>] ` before the name. */
    DATABRICKS_JOB_NAME: z._default(text, "process_batch"),
  }),
};

type Group = keyof typeof groups;

const WITHOUT: Readonly<Record<Group, string>> = {
  eventHubs: "no event is taken in",
  lake: "nothing is taken in and no batch is run",
  triggers: "dropped files and lost notifications are not looked for",
  cosmos: "nothing is delivered to Cosmos DB or served",
  databricks: "events and files are taken in, and no batch is run",
};

/** Of a user-assigned identity; the system-assigned one has none. */
const CLIENT_ID = "AZURE_CLIENT_ID";
const MANAGED_IDENTITY = "managedidentity";
/** What the host connects to by itself, as the app does: both have to be the same identity. */
const CONNECTIONS = ["AzureWebJobsStorage", "EventHubs", "Lake"];

/** What a user-assigned identity needs beside the endpoint of each connection. */
export const userAssignedNames = [
  CLIENT_ID,
  ...CONNECTIONS.flatMap((each) => [
    `${each}__credential`,
    `${each}__clientId`,
  ]),
];

export const settingNames = [
  ...Object.values(groups).flatMap(({ shape }) => Object.keys(shape)),
  ...userAssignedNames,
];

/** Each part fails when it is asked for, while one of its own settings is missing or wrong. */
export interface Config {
  readonly eventHubs: { readonly namespace: string };
  readonly lake: {
    readonly blobUrl: string;
    readonly dfsUrl: string;
    readonly container: string;
    readonly settleSeconds: number;
  };
  readonly cosmos: { readonly endpoint: string; readonly database: string };
  readonly databricks: { readonly host: string; readonly jobName: string };
  readonly identity: { readonly clientId?: string };
  /** A setting of one sink, read when it is first used: that it is missing holds nothing else up. */
  readonly sinkSetting: (name: string) => string | undefined;
  /** What is missing or wrong, and what does not work for it. No value is in it. */
  readonly mistakes: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

export function readConfig(environment: Environment = process.env): Config {
  const mistakes: string[] = [];
  const part = <Settings, Part>(
    group: Group,
    schema: z.ZodMiniType<Settings>,
    shape: (settings: Settings) => Part,
  ): (() => Part) => {
    const read = schema.safeParse(environment);
    if (read.success) {
      const made = shape(read.data);
      return () => made;
    }
    const names = new Set(read.error.issues.map(({ path }) => String(path[0])));
    return refusing(
      `Missing or wrong: ${[...names].sort().join(", ")}. Until then ${WITHOUT[group]}.`,
    );
  };
  const refusing = (mistake: string) => {
    mistakes.push(mistake);
    return () => {
      throw new AssayError("SETTINGS_WRONG", mistake);
    };
  };

  const eventHubs = part("eventHubs", groups.eventHubs, (settings) => ({
    namespace: settings.EventHubs__fullyQualifiedNamespace,
  }));
  const lake = part("lake", groups.lake, (settings) => ({
    blobUrl: settings.Lake__blobServiceUri,
    dfsUrl: settings.Lake__dfsServiceUri,
    container: settings.LAKE_CONTAINER,
    settleSeconds: settings.LANDING_SETTLE_SECONDS,
  }));
  part("triggers", groups.triggers, () => undefined);
  const cosmos = part("cosmos", groups.cosmos, (settings) => ({
    endpoint: settings.COSMOS_ENDPOINT,
    database: settings.COSMOS_DATABASE,
  }));
  const databricks = part("databricks", groups.databricks, (settings) => ({
    host: settings.DATABRICKS_HOST,
    jobName: settings.DATABRICKS_JOB_NAME,
  }));
  const clientId = environment[CLIENT_ID];
  const wrongIdentity = mistakeOfIdentity(environment);
  const identity =
    wrongIdentity === undefined
      ? () => (clientId === undefined ? {} : { clientId })
      : refusing(wrongIdentity);
  return {
    get eventHubs() {
      return eventHubs();
    },
    get lake() {
      return lake();
    },
    get cosmos() {
      return cosmos();
    },
    get databricks() {
      return databricks();
    },
    get identity() {
      return identity();
    },
    sinkSetting: (name) => environment[name],
    mistakes,
  };
}

/**
 * The host signs in by the settings of each connection, the app by its own: `__credential` alone means the
 * system-assigned identity to the host, as no setting does, and `__clientId` another one. Where the two differ, part of
 * the app signs in as somebody else, or as nobody.
 */
function mistakeOfIdentity(environment: Environment): string | undefined {
  const clientId = environment[CLIENT_ID];
  const isSystemAssigned = clientId === undefined;
  const wrong = CONNECTIONS.flatMap((connection) => {
    const names = [`${connection}__credential`, `${connection}__clientId`];
    const [credential, ownId] = names.map((name) => environment[name]);
    const isRight = [
      credential === MANAGED_IDENTITY ||
        (isSystemAssigned && credential === undefined),
      ownId === clientId,
    ];
    return names.filter((_, index) => isRight[index] !== true);
  });
  if (wrong.length === 0) return undefined;
  const [is, write] = isSystemAssigned
    ? [
        `wrong without ${CLIENT_ID}`,
        `Write ${CLIENT_ID} and, for each of ${CONNECTIONS.join(", ")}, __credential=${MANAGED_IDENTITY} and __clientId with the same id; or, for the system-assigned identity, no __clientId, and __credential=${MANAGED_IDENTITY} or none.`,
      ]
    : [
        `missing or wrong beside ${CLIENT_ID}`,
        `Write ${MANAGED_IDENTITY} into each __credential and the id of ${CLIENT_ID} into each __clientId; or leave ${CLIENT_ID} and each __clientId out, for the system-assigned identity.`,
      ];
  return `${wrong.join(", ")}: ${is}. ${write} Until then nothing works.`;
}
