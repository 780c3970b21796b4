import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { writeWhole } from "../process/files";
import { giveToPostgres, type PostgresHome } from "./postgres-home";

const VALID_YEARS = 10;

/** The files of the server's TLS set-up, by name below PostgreSQL's home. */
export const tlsFiles = (home: PostgresHome) => ({
  authority: join(home.folder, "tls", "ca.crt"),
  certificate: join(home.folder, "tls", "server.crt"),
  key: join(home.folder, "tls", "server.key"),
});

/**
 * Makes a certificate for localhost, signed by an authority made for it alone, whose key is then
 * forgotten: clients that trust `ca.crt` can verify host and certificate fully, as they would a
 * cloud database's.
 */
export async function ensureTlsFiles(home: PostgresHome): Promise<void> {
  const files = tlsFiles(home);
  if (existsSync(files.certificate) && !expiresSoon(files.certificate)) return;
  const { generate } = await import("selfsigned");
  const notAfterDate = new Date();
  notAfterDate.setFullYear(notAfterDate.getFullYear() + VALID_YEARS);
  const common = { algorithm: "sha256", keyType: "rsa", keySize: 2048, notAfterDate } as const;
  const authority = await generate([{ name: "commonName", value: "Lakewright local authority" }], {
    ...common,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: "commonName", value: "localhost" }], {
    ...common,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
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
  mkdirSync(join(home.folder, "tls"), { recursive: true });
  writeWhole(files.authority, authority.cert);
  writeWhole(files.key, server.private, 0o600);
  giveToPostgres(home, files.key);
  // Written last: its presence says that the others are there.
  writeWhole(files.certificate, server.cert);
}

function expiresSoon(certificate: string): boolean {
  const { validTo } = new X509Certificate(readFileSync(certificate));
  return Date.parse(validTo) - Date.now() < 30 * 24 * 3600 * 1000;
}
