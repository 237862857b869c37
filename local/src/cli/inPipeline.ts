/** `silver.` and `gold.` before a name, outside of quotes and comments, become the pipeline's schemas. */
export function inPipeline(text: string, pipeline: string): string {
  return text.replace(
    /('(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\/)|(?<![\w.`])(silver|gold)\.(?=[\w`])/gi,
    (found, quoted?: string, layer?: string) =>
      quoted !== undefined || layer === undefined
        ? found
        : `${pipeline}_${layer.toLowerCase()}.`,
  );
}
