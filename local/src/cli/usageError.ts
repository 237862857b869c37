/** A mistake of the person at the keyboard. Her answer is the message, the usage of the verb, and exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
