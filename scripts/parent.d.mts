export function whenParentDies(stop: () => void): void;
