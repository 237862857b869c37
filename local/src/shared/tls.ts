import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "selfsigned";
import { writeWhole } from "./files.ts";

/** The certificate of this machine's endpoints. The SDKs refuse to send bearer tokens without TLS. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

const VALID_DAYS = 3650;

/** Makes the certificate at the first call for a folder; later calls read it. */
export async function ensureCertificate(dir: string): Promise<TlsFiles> {
  const certPath = join(dir, "localhost.crt");
  const keyPath = join(dir, "localhost.key");
  if (!existsSync(certPath) || !existsSync(keyPath)) {
    const notAfterDate = new Date(Date.now() + VALID_DAYS * 86_400_000);
    const made = await generate([{ name: "commonName", value: "localhost" }], {
      keyType: "ec",
      curve: "P-256",
      notAfterDate,
      extensions: [
        { name: "basicConstraints", cA: true, critical: true },
        {
          name: "keyUsage",
          digitalSignature: true,
          keyCertSign: true,
          critical: true,
        },
        { name: "extKeyUsage", serverAuth: true },
        {
          name: "subjectAltName",
          altNames: [
            { type: 2, value: "localhost" },
            { type: 7, ip: "127.0.0.1" },
          ],
        },
      ],
    });
    writeWhole(keyPath, made.private, { mode: 0o600 });
    writeWhole(certPath, made.cert);
  }
  return {
    cert: readFileSync(certPath, "utf8"),
    key: readFileSync(keyPath, "utf8"),
  };
}
