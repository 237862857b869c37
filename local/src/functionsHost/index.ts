/** The function host: a process of its own, which `local/src/functionsHostMain.ts` starts with the app of this checkout. */
export { startFunctionsHost } from "./startFunctionsHost.ts";
