/** What the verbs print for people. The only place of the local platform that writes to the terminal. */
export const say = (text = ""): void => {
  process.stdout.write(`${text}\n`);
};

export const complain = (text: string): void => {
  process.stderr.write(`${text}\n`);
};
