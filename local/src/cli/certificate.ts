/** `node local/src/cli/certificate.ts <folder>`: a step of the set-up. */
import { ensureCertificate } from "../shared/tls.ts";

const [dir] = process.argv.slice(2);
if (dir === undefined) throw new Error("Name the folder of the certificate.");
await ensureCertificate(dir);
