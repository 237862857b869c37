export const projectDir: string;
export const toolsDir: string;
export const certificatePath: string;
export const jarsDir: string;
export const venvDir: string;
export const venvPython: string;
export function packagedNode(): string | undefined;
export function foldersWith(file: string, path: string): string[];
