const DOTS = /\/(?:\.|%2e){1,2}(?:\/|$)/i;

/** The real host's web server takes the segments `.` and `..`, encoded or not, out of a path before any route sees it. */
export function withoutDotSegments(path: string): string {
  if (!DOTS.test(path)) return path;
  const kept: string[] = [];
  let isFolder = false;
  for (const segment of path.split("/").slice(1)) {
    const text = segment.replace(/%2e/gi, ".");
    isFolder = text === "." || text === "..";
    if (text === "..") kept.pop();
    else if (text !== ".") kept.push(segment);
  }
  return `/${kept.join("/")}${isFolder && kept.length > 0 ? "/" : ""}`;
}
