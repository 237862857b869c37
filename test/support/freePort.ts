import { createServer } from "node:net";
import { close, listen } from "../../local/src/shared/listen.ts";

/** A port of this machine that nobody listens at now. */
export const freePort = async (): Promise<number> =>
  (await freePorts("one")).one;

/** Different ones: each is held until all are known. */
export async function freePorts<Name extends string>(
  ...names: Name[]
): Promise<Record<Name, number>> {
  const holders = names.map(() => createServer());
  const ports = await Promise.all(holders.map((holder) => listen(holder, 0)));
  await Promise.all(holders.map(close));
  return Object.fromEntries(
    names.map((name, at) => [name, ports[at]]),
  ) as Record<Name, number>;
}
