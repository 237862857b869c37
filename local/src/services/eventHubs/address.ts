/** What a link, a claim or a read is about: `hub`, `hub/Partitions/0`, `hub/ConsumerGroups/group/Partitions/0`. */
export interface Address {
  readonly hub: string;
  readonly group: string | undefined;
  readonly partition: string | undefined;
}

const ADDRESS =
  /^([^/]+)(?:\/consumergroups\/([^/]+))?(?:\/partitions\/([^/]+))?$/i;

/** A path without scheme, host and slashes around it: clients write addresses with and without them. */
export const pathOf = (address: string): string =>
  address.replace(/^[a-z]+:\/\/[^/]*/i, "").replace(/^\/+|\/+$/g, "");

export function parseAddress(address: string): Address | undefined {
  const match = ADDRESS.exec(pathOf(address));
  const hub = match?.[1];
  if (hub === undefined || hub.startsWith("$")) return undefined;
  return { hub, group: match?.[2], partition: match?.[3] };
}

export const isManagement = (address: string): boolean =>
  /(^|\/)\$management$/i.test(address);

export const CBS = "$cbs";

/** The path that the source or target of a link names. */
export const nodeOf = (terminus: unknown): string =>
  pathOf(addressOf(terminus));

export function addressOf(terminus: unknown): string {
  const { address } = (terminus ?? {}) as { address?: unknown };
  return typeof address === "string" ? address : "";
}
