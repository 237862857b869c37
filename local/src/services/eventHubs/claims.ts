import { pathOf } from "./address.ts";

interface Grant {
  readonly path: string;
  readonly until: number;
}

/** What the tokens of one connection allow: an entity and all below it, until a time in ms. */
export class Claims {
  #grants: Grant[] = [];

  grant(audience: string, until: number): void {
    const path = pathOf(audience).toLowerCase();
    this.#grants = this.#grants.filter((grant) => grant.path !== path);
    this.#grants.push({ path, until });
  }

  covers(address: string, now: number): boolean {
    const path = pathOf(address).toLowerCase();
    return this.#grants.some(
      (grant) => grant.until > now && isWithin(path, grant.path),
    );
  }
}

export const isWithin = (path: string, outer: string): boolean =>
  outer === "" || path === outer || path.startsWith(`${outer}/`);
