/** The Python of Airflow's environment, which is made where it is not there or another lock file's. */
export function setUpAirflow(say: (text: string) => void): Promise<string>;
