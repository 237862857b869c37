import { join } from "node:path";
import { services } from "../services/index.ts";
import { startChild, type Child, type News } from "./children.ts";
import { clientsOf, type Clients } from "./clients.ts";
import { readProvision, type PlatformFolders } from "./context.ts";
import { lastLines } from "./lastLines.ts";
import { lockState } from "./lock.ts";
import { needFreePorts, noteNeighbour } from "./neighbours.ts";
import { choosePorts } from "./ports.ts";
import { appSettings } from "./settings.ts";
import { openState } from "./state.ts";

/** The platform with the app on it, as it runs. */
export interface Platform {
  readonly clients: Clients;
  /** Resolves with a sentence when a process ends that should not, or Spark does not come up. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

export interface PlatformOptions {
  /** 0 takes a free one, and keeps it. */
  readonly functionsPort: number;
  readonly appDir: string;
  /** Called with what becomes of Spark, which is still starting when the platform is up. */
  readonly onNews?: (news: News) => void;
}

/** Starts the services, then the function host on them. */
export async function startPlatform(
  folders: PlatformFolders,
  options: PlatformOptions,
): Promise<Platform> {
  const { projectDir, stateDir } = folders;
  const unlock = lockState(stateDir);
  const { promise: sparkDown, resolve: giveUp } =
    Promise.withResolvers<string>();
  const onNews = (news: News): void => {
    if (news.event === "spark.down")
      giveUp(sparkIsDown(stateDir, news.message ?? ""));
    options.onNews?.(news);
  };
  const children: Child[] = [];
  let forget = (): void => undefined;
  const stop = async (): Promise<void> => {
    for (const child of [...children].reverse()) await child.stop();
    forget();
    unlock();
  };
  try {
    openState(stateDir);
    const endpoints = services.flatMap((service) => service.endpoints);
    const ports = await choosePorts(stateDir, endpoints, options.functionsPort);
    await needFreePorts(ports.values());
    forget = noteNeighbour({
      projectDir,
      stateDir,
      ports: [...ports.values()],
    });
    children.push(
      await startChild(
        projectDir,
        "local services",
        ["local/src/servicesMain.ts", stateDir],
        {},
        onNews,
      ),
    );
    const clients = clientsOf(stateDir);
    const settings = appSettings(stateDir, ports, readProvision(projectDir));
    children.push(
      await startChild(
        projectDir,
        "function host",
        ["local/src/functionsHostMain.ts", stateDir, options.appDir],
        {
          ASSAY_APP_SETTINGS: JSON.stringify(settings),
        },
      ),
    );
    const names = ["The local services", "The function host"];
    const broken = Promise.race([
      sparkDown,
      ...children.map(async (child, index) => {
        const code = await child.ended;
        const words = child.lastWords();
        const reason =
          words === "" ? `${join(stateDir, "logs")} may say why.` : words;
        return `${names[index] ?? "A process"} ended (${code ?? "killed"}): ${reason}`;
      }),
    ]);
    return { clients, broken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const LINES_OF_LOG = 12;

const sparkIsDown = (stateDir: string, message: string): string =>
  [
    `Spark does not start: ${message}`,
    ...lastLines(join(stateDir, "logs", "spark.log"), LINES_OF_LOG).map(
      (line) => `  ${line}`,
    ),
  ].join("\n");
