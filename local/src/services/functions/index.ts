/** The function host: a process of its own, which `local/src/host.ts` starts with the app of this checkout. */
export { startFunctionsHost } from "./start.ts";
