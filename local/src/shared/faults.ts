/**
 * Faults that a test plants in a running platform. A rule matches requests by service, operation and path;
 * it lets `skip` matches pass and then applies to `times` of them.
 */
export interface FaultRule {
  readonly service: string;
  /** `PUT`, `GET`, … or the service's own name of an operation. */
  readonly operation?: string;
  /** A regular expression over the path, URL-decoded. */
  readonly path?: string;
  readonly skip?: number;
  readonly times?: number;
  /** `hang` never answers; `lose` does the work and then drops the connection; `refuse` answers `status` before any work. */
  readonly action: "hang" | "lose" | "refuse";
  readonly status?: number;
}

export type Fault = Pick<FaultRule, "action" | "status">;

export interface Faults {
  /** The fault that this request meets, if any. Counts the match. */
  meet(service: string, operation: string, path: string): Fault | undefined;
}

export const noFaults: Faults = { meet: () => undefined };

export function plannedFaults(
  rules: readonly FaultRule[],
  onHit: (rule: FaultRule) => void = () => undefined,
): Faults {
  const state = rules.map((rule) => ({
    rule,
    path: rule.path === undefined ? undefined : new RegExp(rule.path),
    toSkip: rule.skip ?? 0,
    left: rule.times ?? 1,
  }));
  return {
    meet(service, operation, path) {
      for (const entry of state) {
        const { rule } = entry;
        if (rule.service !== service || entry.left === 0) continue;
        if (rule.operation !== undefined && rule.operation !== operation)
          continue;
        if (entry.path && !entry.path.test(path)) continue;
        if (entry.toSkip > 0) {
          entry.toSkip -= 1;
          continue;
        }
        entry.left -= 1;
        onHit(rule);
        return rule.status === undefined
          ? { action: rule.action }
          : { action: rule.action, status: rule.status };
      }
      return undefined;
    },
  };
}
