/**
 * Shows that a step runs: on a terminal one line with the seconds that pass, else one line at the start and one at
 * the end.
 */
export async function progress(title, work) {
  const startedAt = Date.now();
  const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
  const onTerminal = process.stderr.isTTY;
  const show = () => process.stderr.write(`\r${title} … ${seconds()} `);
  if (!onTerminal) process.stderr.write(`${title} …\n`);
  const timer = onTerminal ? setInterval(show, 500) : undefined;
  try {
    await work();
    process.stderr.write(
      onTerminal
        ? `\r${title}: done in ${seconds()}   \n`
        : `${title}: done in ${seconds()}\n`,
    );
  } finally {
    clearInterval(timer);
  }
}
