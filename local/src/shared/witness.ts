/**
 * Told of an operation that was answered as its caller wished, and of the client by what it calls itself (its user
 * agent). The tests make the tables of COVERAGE.md from it; nobody else listens.
 */
export type Witness = (operation: string, agent: string) => void;
