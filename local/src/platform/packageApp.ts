import { spawn } from "node:child_process";
import { join } from "node:path";

/**
 * Runs `npm run package`'s script: fast when nothing changed. Resolves with the folder that is deployed.
 * @param warn told what the script has said that stops nothing
 */
export function packageApp(
  projectDir: string,
  warn: (text: string) => void = () => undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [join(projectDir, "scripts/package.mjs")],
      {
        cwd: projectDir,
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    child.once("error", reject);
    child.once("close", (code) => {
      const said = complaint.trim();
      if (code !== 0) {
        reject(new Error(said || "The app could not be packaged."));
        return;
      }
      if (said !== "") warn(said);
      resolve(join(projectDir, "out", "app"));
    });
  });
}
