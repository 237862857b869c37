export function digestOf(
  dir: string,
  paths: readonly string[],
  others?: readonly string[],
): string;
export function isFresh(
  made: { readonly stamp: string; readonly makes: readonly string[] },
  digest: string,
): boolean;
export function remember(stamp: string, digest: string): void;
