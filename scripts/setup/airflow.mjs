import { airflowDir, airflowPython } from "./paths.mjs";
import { makeVenv, pipInto } from "./python.mjs";
import { isDone, markDone } from "./stamps.mjs";

const lock = "bench/prove/clients/requirements.lock";
const step = {
  name: "airflow",
  madeFrom: [lock],
  makes: [airflowPython],
};

/**
 * Airflow in an environment of its own (three minutes, 650 MB): the proof `clients` makes it, no verb waits for it.
 * @param {(text: string) => void} say
 */
export async function setUpAirflow(say) {
  if (!(await isDone(step))) {
    say("Installing Airflow (three minutes, 650 MB)");
    await makeVenv(airflowDir);
    await pipInto(airflowPython)("--require-hashes", "-r", lock);
    await markDone(step);
  }
  return airflowPython;
}
