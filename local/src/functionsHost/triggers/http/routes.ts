import { AppFault } from "../../app/appFault.ts";
import { checks } from "./constraints.ts";

/** A route template of ASP.NET, compiled: `runs/{pipeline}/{batch?}`, `files/{*path}`, `{id:int}`. */
export interface Route {
  /** The parameters of a path without its leading slash, or undefined when it is another route's. */
  match(path: string): Record<string, string> | undefined;
  /** Sorts before a less specific route. */
  readonly order: string;
}

interface Parameter {
  readonly name: string;
  readonly fallback: string | undefined;
  readonly isValid: (value: string) => boolean;
}

const PARAMETER = /\{(\*{0,2})(\w+)((?::[^:{}=?]+)*)(?:=([^{}?]*))?(\??)\}/g;

export function compileRoute(template: string, where: string): Route {
  const parameters: Parameter[] = [];
  const ranks: string[] = [];
  let pattern = "";
  const segments = template === "" ? [] : template.split("/");
  for (const [index, segment] of segments.entries()) {
    let body = "";
    let at = 0;
    let rank = "1";
    let canBeAbsent = false;
    for (const match of segment.matchAll(PARAMETER)) {
      const [whole, star = "", name = "", constraints = "", given, optional] =
        match;
      body += literal(segment.slice(at, match.index), where);
      at = match.index + whole.length;
      parameters.push({
        name,
        fallback: given,
        isValid: checks(constraints, where),
      });
      canBeAbsent = optional === "?" || given !== undefined || star !== "";
      body += star === "" ? "([^/]+)" : "(.*)";
      rank = star !== "" ? "5" : constraints !== "" ? "2" : "3";
    }
    body += literal(segment.slice(at), where);
    const slash = index === 0 ? "" : "/";
    pattern += canBeAbsent ? `(?:${slash}${body})?` : `${slash}${body}`;
    ranks.push(rank);
  }
  const expression = new RegExp(`^${pattern}/?$`, "i");
  return {
    order: ranks.join(""),
    match(path) {
      const found = expression.exec(path);
      if (found === null) return undefined;
      const values: Record<string, string> = {};
      for (const [index, parameter] of parameters.entries()) {
        const raw = found[index + 1];
        const value =
          raw === undefined || raw === "" ? parameter.fallback : decode(raw);
        if (value === undefined) continue;
        if (!parameter.isValid(value)) return undefined;
        values[parameter.name] = value;
      }
      return values;
    },
  };
}

function literal(text: string, where: string): string {
  if (/[{}]/.test(text.replace(/\{\{|\}\}/g, "")))
    throw new AppFault(
      `${where} has a route that cannot be read at '${text}'.`,
    );
  return text
    .replaceAll("{{", "{")
    .replaceAll("}}", "}")
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** A percent-encoded slash stays encoded, as ASP.NET keeps it. */
function decode(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return value
      .split(/(%2f)/i)
      .map((part, index) => (index % 2 === 1 ? part : decodeURIComponent(part)))
      .join("");
  } catch {
    return value;
  }
}
