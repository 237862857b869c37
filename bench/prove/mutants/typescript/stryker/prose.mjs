/**
 * Whether a literal is the words of a message and nothing else. A message's code and what it names are tested, and
 * stay: a template with a place in it is no prose. Nor is a text without spaces.
 */
export function isProse(path) {
  const { node } = path;
  const text =
    node.type === "StringLiteral"
      ? node.value
      : node.type === "TemplateLiteral" && node.expressions.length === 0
        ? node.quasis[0].value.raw
        : "";
  if (!text.includes(" ")) return false;
  let { parent } = path;
  for (let at = path; isPartOfText(parent); at = at.parentPath)
    parent = at.parentPath.parent;
  return isError(parent) || isMessage(parent);
}

const isPartOfText = (node) =>
  node?.type === "ConditionalExpression" || node?.type === "BinaryExpression";

const isError = (node) =>
  node?.type === "NewExpression" && /Error$/.test(node.callee.name ?? "");

const isMessage = (node) =>
  node?.type === "ObjectProperty" && node.key.name === "message";
