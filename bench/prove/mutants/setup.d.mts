export const strykerDir: string;
export const mutmutDir: string;
