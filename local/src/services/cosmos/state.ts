import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../shared/clock.ts";
import { writeWhole } from "../../shared/files.ts";
import { errors, fail } from "./errors.ts";
import { Container } from "./store/container.ts";
import { checkName, type ContainerDefinition } from "./store/definition.ts";
import { containerRid, databaseRid } from "./store/resourceId.ts";

interface Resource {
  readonly rid: string;
  readonly etag: string;
  /** Seconds since 1970. */
  readonly ts: number;
}

/** The file `account.json`: everything but the documents. */
interface AccountFile {
  readonly version: 1;
  readonly databases: readonly (Resource & {
    readonly id: string;
    readonly containers: readonly (Resource & {
      readonly definition: ContainerDefinition;
    })[];
  })[];
}

export interface StoredContainer {
  resource: Resource;
  readonly store: Container;
}

export interface Database {
  readonly id: string;
  readonly resource: Resource;
  readonly containers: Map<string, StoredContainer>;
}

/** The databases and containers of this state, in `<stateDir>/cosmos`. */
export class Account {
  readonly databases = new Map<string, Database>();
  readonly #dir: string;
  readonly #clock: Clock;
  #changes = 0;

  constructor(stateDir: string, clock: Clock) {
    this.#dir = join(stateDir, "cosmos");
    this.#clock = clock;
    mkdirSync(join(this.#dir, "documents"), { recursive: true });
    this.#load();
  }

  database(id: string): Database {
    return this.databases.get(id) ?? fail(errors.notFound);
  }

  container(database: string, id: string): StoredContainer {
    return (
      this.databases.get(database)?.containers.get(id) ??
      fail(errors.containerNotFound)
    );
  }

  createDatabase(name: string): Database {
    const id = checkName(name);
    if (this.databases.has(id)) fail(errors.conflict);
    const database: Database = {
      id,
      resource: this.#resource(databaseRid()),
      containers: new Map(),
    };
    this.databases.set(id, database);
    this.#save();
    return database;
  }

  deleteDatabase(id: string): void {
    const database = this.database(id);
    this.databases.delete(id);
    this.#save();
    for (const container of database.containers.values())
      this.#discard(container);
  }

  createContainer(
    database: Database,
    definition: ContainerDefinition,
  ): StoredContainer {
    if (database.containers.has(definition.id)) fail(errors.conflict);
    const resource = this.#resource(containerRid(database.resource.rid));
    const container = this.#open(database, resource, definition);
    database.containers.set(definition.id, container);
    this.#save();
    return container;
  }

  replaceContainer(
    container: StoredContainer,
    definition: ContainerDefinition,
  ): void {
    container.store.redefine(definition);
    container.resource = this.#resource(container.resource.rid);
    this.#save();
  }

  deleteContainer(database: Database, id: string): void {
    const container = this.container(database.id, id);
    database.containers.delete(id);
    this.#save();
    this.#discard(container);
  }

  close(): void {
    for (const database of this.databases.values())
      for (const { store } of database.containers.values()) store.close();
  }

  #resource(rid: string): Resource {
    const now = this.#clock.now();
    const etag = `"${now.toString(16)}-${(this.#changes++).toString(16)}"`;
    return { rid, etag, ts: Math.floor(now / 1000) };
  }

  #open(
    database: Database,
    resource: Resource,
    definition: ContainerDefinition,
  ): StoredContainer {
    const self = `dbs/${database.resource.rid}/colls/${resource.rid}/`;
    const store = new Container(
      this.#logPath(resource.rid),
      { rid: resource.rid, self },
      definition,
      this.#clock,
    );
    return { resource, store };
  }

  #discard(container: StoredContainer): void {
    container.store.close();
    rmSync(this.#logPath(container.resource.rid), { force: true });
  }

  #logPath(rid: string): string {
    // Hexadecimal: names differ on file systems that ignore case, and "/" cannot occur.
    const name = Buffer.from(rid.replaceAll("-", "/"), "base64").toString(
      "hex",
    );
    return join(this.#dir, "documents", `${name}.log`);
  }

  #load(): void {
    const path = join(this.#dir, "account.json");
    if (existsSync(path)) {
      const file = JSON.parse(readFileSync(path, "utf8")) as AccountFile;
      for (const { id, containers, ...resource } of file.databases) {
        const database = { id, resource, containers: new Map() } as Database;
        for (const { definition, ...own } of containers)
          database.containers.set(
            definition.id,
            this.#open(database, own, definition),
          );
        this.databases.set(id, database);
      }
    }
    this.#removeOrphans();
  }

  /** Logs of containers that a kill left between the account's file and their deletion. */
  #removeOrphans(): void {
    const known = new Set<string>();
    for (const { containers } of this.databases.values())
      for (const { resource } of containers.values())
        known.add(this.#logPath(resource.rid));
    for (const name of readdirSync(join(this.#dir, "documents"))) {
      const path = join(this.#dir, "documents", name);
      if (!known.has(path)) rmSync(path, { force: true });
    }
  }

  #save(): void {
    const file: AccountFile = {
      version: 1,
      databases: [...this.databases.values()].map(
        ({ id, resource, containers }) => ({
          id,
          ...resource,
          containers: [...containers.values()].map((container) => ({
            ...container.resource,
            definition: container.store.definition,
          })),
        }),
      ),
    };
    writeWhole(
      join(this.#dir, "account.json"),
      JSON.stringify(file, undefined, 2),
    );
  }
}
