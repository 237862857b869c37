import { AppFault } from "./appFault.ts";

/** `%NAME%` anywhere in a binding is the app setting of that name. */
export function withSettings(
  value: string,
  where: string,
  settings: NodeJS.ProcessEnv = process.env,
): string {
  return value.replace(/%([^%]+)%/g, (_, name: string) => {
    const setting = settings[name];
    if (setting === undefined)
      throw new AppFault(
        `${where} uses %${name}%, and the app has no setting '${name}'.`,
      );
    return setting;
  });
}

/** A setting of an identity-based connection: `<connection>__<property>`. */
export function connectionSetting(
  connection: string,
  property: string,
  where: string,
): string {
  const name = `${connection}__${property}`;
  const value = process.env[name];
  if (value === undefined || value === "")
    throw new AppFault(
      `${where} uses the connection '${connection}', and the app has no setting '${name}'.`,
    );
  return value;
}
