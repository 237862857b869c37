/** What the verbs print for people. The only place of the local platform that writes to the terminal. */
export const say = (text = ""): void => {
  process.stdout.write(`${text}\n`);
};

export const complain = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const USUAL_WIDTH = 80;

/** The columns of the terminal; those of a usual one where the output goes elsewhere. */
export const terminalWidth = (): number =>
  process.stdout.isTTY ? process.stdout.columns : USUAL_WIDTH;

const STAGE_WIDTH = 28;

/** One line for a stage that has ended, with its seconds. */
export const sayStage = (stage: string, seconds: number): void =>
  say(`  ${stage.padEnd(STAGE_WIDTH)}${`${seconds.toFixed(1)} s`.padStart(9)}`);
