import { createHash, X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";

import { UserError } from "../../model/errors";
import { paths } from "../paths";
import { writeWhole } from "../process/files";

/** Where operating systems keep the certificate authorities that Java programs trust. */
const SYSTEM_STORES = ["/etc/ssl/certs/java/cacerts", "/etc/pki/java/cacerts"];

/**
 * Java options that make a download go through the proxy and trust the certificate authorities
 * that the environment names (HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, NODE_EXTRA_CA_CERTS).
 */
export function javaNetworkOptions(env: NodeJS.ProcessEnv = process.env): string[] {
  const store = trustStore(env);
  return [...(store ? [`-Djavax.net.ssl.trustStore=${store}`] : []), ...proxyOptions(env)];
}

function proxyOptions(env: NodeJS.ProcessEnv): string[] {
  const address = env.HTTPS_PROXY || env.https_proxy || env.ALL_PROXY || env.all_proxy;
  if (!address) return [];
  const { hostname, port, protocol } = new URL(
    address.includes("://") ? address : `http://${address}`,
  );
  const direct = (env.NO_PROXY || env.no_proxy || "localhost,127.0.0.1")
    .split(",")
    .map((host) => host.trim().replace(/^\./, "*."))
    .filter(Boolean);
  const options = ["http", "https"].flatMap((scheme) => [
    `-D${scheme}.proxyHost=${hostname}`,
    `-D${scheme}.proxyPort=${port || (protocol === "https:" ? "443" : "80")}`,
  ]);
  return [...options, `-Dhttp.nonProxyHosts=${direct.join("|")}`];
}

/**
 * A Java trust store: Node's own authorities and those of the PEM files the environment names.
 * Without such a file the system's store, where there is one; else Java's default.
 */
function trustStore(env: NodeJS.ProcessEnv): string | undefined {
  const bundles = [env.SSL_CERT_FILE, env.NODE_EXTRA_CA_CERTS].filter((file) => file !== undefined);
  if (bundles.length === 0) return SYSTEM_STORES.find((store) => existsSync(store));
  const certificates = new Map<string, Buffer>();
  for (const pem of [...rootCertificates, ...[...new Set(bundles)].flatMap(readBundle)]) {
    const { fingerprint256, raw } = new X509Certificate(pem);
    certificates.set(fingerprint256, raw);
  }
  const store = javaKeyStore([...certificates.values()]);
  const hash = createHash("sha256").update(store).digest("hex").slice(0, 12);
  const file = join(paths(env).cache, `truststore-${hash}.jks`);
  if (!existsSync(file)) writeWhole(file, store);
  return file;
}

function readBundle(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(
      `SSL_CERT_FILE or NODE_EXTRA_CA_CERTS names ${file}, which cannot be read: ${String(error)}`,
    );
  }
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/**
 * A key store of trusted certificates in Java's own format (JKS version 2), which every Java
 * reads; without a password, for it holds nothing secret.
 * @param certificates in DER form
 * @see sun.security.provider.JavaKeyStore in the OpenJDK for the layout
 */
function javaKeyStore(certificates: readonly Buffer[]): Buffer {
  const u32 = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const utf = (text: string) => {
    const bytes = Buffer.from(text);
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
  };
  const noDate = Buffer.alloc(8);
  const content = Buffer.concat([
    u32(0xfeedfeed),
    u32(2),
    u32(certificates.length),
    ...certificates.flatMap((der, index) => [
      u32(2),
      utf(`authority${index}`),
      noDate,
      utf("X.509"),
      u32(der.length),
      der,
    ]),
  ]);
  const digest = createHash("sha1").update("Mighty Aphrodite").update(content).digest();
  return Buffer.concat([content, digest]);
}
