import type { KnownTags } from "../../serve/insights.ts";

const TAGS = /(?:W\/)?("[\x21\x23-\x7e\x80-\uffff]*")/g;

/**
 * The tags of an If-None-Match as RFC 9110 compares them there: weak and strong ones are the same. What is no tag is
 * left out, so that a wrong header gets the whole answer.
 */
export function parseIfNoneMatch(header: string | null): KnownTags {
  if (header === null) return [];
  if (header.trim() === "*") return "any";
  return Array.from(header.matchAll(TAGS), ([, tag = ""]) => tag);
}
