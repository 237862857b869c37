import { getCACertificates, setDefaultCACertificates } from "node:tls";

/**
 * The process as Azure would start it for the app: settings in the environment, the app's folder as the current one,
 * and trust in the certificate of this machine's endpoints.
 */
export function prepareProcess(
  appDir: string,
  settings: Readonly<Record<string, string>>,
  port: number,
  ca: string,
): void {
  Object.assign(process.env, {
    FUNCTIONS_WORKER_RUNTIME: "node",
    FUNCTIONS_EXTENSION_VERSION: "~4",
    AZURE_FUNCTIONS_ENVIRONMENT: "Development",
    // durable-functions builds its addresses from it.
    WEBSITE_HOSTNAME: `127.0.0.1:${port}`,
    ...settings,
  });
  setDefaultCACertificates([...getCACertificates("default"), ca]);
  process.chdir(appDir);
}
