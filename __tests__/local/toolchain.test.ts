import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { rootCertificates } from "node:tls";

import { ProgramFailed } from "../../local/process/run";
import { ensureJars, ensureJava, ensurePython, ensureTestPython } from "../../local/toolchain";
import { explainInstallFailure } from "../../local/toolchain/explain";
import { installOnce, type Part } from "../../local/toolchain/install";
import { thinned } from "../../local/toolchain/progress";
import { javaNetworkOptions } from "../../local/toolchain/trust";
import { UserError } from "../../model/errors";
import { killFixtures, startFixture, until } from "./fixtures/processes";

jest.setTimeout(300_000);

const quiet = () => undefined;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lakewright-toolchain-"));
});

afterEach(() => {
  killFixtures();
  rmSync(folder, { recursive: true, force: true });
});

const part = (build: Part["build"], bytesNeeded = 0): Part => ({
  title: "a part",
  folder: join(folder, "part"),
  bytesNeeded,
  build,
});

const parts = () => readdirSync(folder).filter((name) => name !== "locks");

describe("installing a part", () => {
  it("happens once for callers that ask at the same time", async () => {
    let builds = 0;
    const slow = part(async (draft) => {
      builds += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
      writeFileSync(join(draft, "content"), "whole");
    });
    const folders = await Promise.all([1, 2, 3].map(() => installOnce(slow, quiet)));
    expect(folders).toEqual(Array(3).fill(join(folder, "part")));
    expect(builds).toBe(1);
    expect(readdirSync(join(folder, "part"))).toEqual(["content"]);
  });

  it("leaves nothing when it fails", async () => {
    const failing = part((draft) => {
      writeFileSync(join(draft, "half"), "half");
      return Promise.reject(new Error("broken"));
    });
    await expect(installOnce(failing, quiet)).rejects.toThrow("broken");
    expect(parts()).toEqual([]);
  });

  it("starts over after the process doing it was killed", async () => {
    const { child } = await startFixture("install-slowly.ts", join(folder, "part"));
    expect(parts()).toHaveLength(1);
    expect(existsSync(join(folder, "part"))).toBe(false);
    child.kill("SIGKILL");
    await until(() => child.signalCode !== null, 5);
    await installOnce(
      part((draft) => Promise.resolve(writeFileSync(join(draft, "content"), "whole"))),
      quiet,
    );
    expect(parts()).toEqual(["part"]);
    expect(readdirSync(join(folder, "part"))).toEqual(["content"]);
  });

  it("refuses beforehand when the disk has too little space", async () => {
    const huge = part(() => Promise.reject(new Error("was begun")), 1e18);
    const message =
      /^Installing a part needs 1000000 TB in .*, where .* [GT]B are free\. Free some/;
    await expect(installOnce(huge, quiet)).rejects.toThrow(message);
    await expect(installOnce(huge, quiet)).rejects.toBeInstanceOf(UserError);
  });
});

describe("an installation's failure", () => {
  it.each([
    ["OSError: [Errno 28] No space left on device", "the disk is full"],
    [
      "NewConnectionError: [Errno -3] Temporary failure in name resolution",
      "the network could not",
    ],
    ["java.net.UnknownHostException: repo", "the network could not be reached"],
    ["sun.security.validator: PKIX path building failed", "certificate is not trusted here"],
    ["SSLError(SSLCertVerificationError: CERTIFICATE_VERIFY_FAILED", "certificate is not trusted"],
    ["ERROR: No matching distribution found for pyspark", "the package index that pip"],
    ["::          UNRESOLVED DEPENDENCIES         ::", "the Maven repository does not have it"],
    ["ensurepip is not available", "Python came without its venv module"],
    ["Segmentation fault", "tool ended with 3. Its last lines:\nSegmentation fault"],
  ])("%s", (output, sentence) => {
    const error = explainInstallFailure("Spark", new ProgramFailed("tool", 3, output));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toContain(`Could not install Spark: `);
    expect(error.message).toContain(sentence);
  });

  it("stays what it is when it is the program's own mistake", () => {
    const mistake = new TypeError("undefined is not a function");
    expect(explainInstallFailure("Spark", mistake)).toBe(mistake);
  });
});

describe("progress", () => {
  it("passes on new messages and drops those that only count", () => {
    const seen: string[] = [];
    const report = thinned((message) => seen.push(message));
    ["1 of 9 MB", "2 of 9 MB", "unpacking", "3 of 9 MB", "ready"].forEach(report);
    expect(seen).toEqual(["1 of 9 MB", "unpacking", "3 of 9 MB", "ready"]);
  });
});

describe("Java's network options", () => {
  it("go through the proxy that the environment names", () => {
    const options = javaNetworkOptions({
      HTTPS_PROXY: "http://proxy.example:3128",
      NO_PROXY: "localhost,.example.org",
    }).filter((option) => !option.includes("trustStore"));
    expect(options).toEqual([
      "-Dhttp.proxyHost=proxy.example",
      "-Dhttp.proxyPort=3128",
      "-Dhttps.proxyHost=proxy.example",
      "-Dhttps.proxyPort=3128",
      "-Dhttp.nonProxyHosts=localhost|*.example.org",
    ]);
  });

  it("trust the authorities of the PEM file that the environment names, beside the usual ones", async () => {
    const bundle = join(folder, "company.pem");
    writeFileSync(bundle, rootCertificates.slice(0, 2).join("\n"));
    const options = javaNetworkOptions({ SSL_CERT_FILE: bundle, LAKEWRIGHT_CACHE: folder });
    const store = join(folder, basename(options[0] as string));
    expect(options).toEqual([`-Djavax.net.ssl.trustStore=${store}`]);
    expect(await listedByKeytool(store)).toBe(new Set(rootCertificates).size);
  });

  it("say which PEM file cannot be read", () => {
    const env = { SSL_CERT_FILE: join(folder, "missing.pem"), LAKEWRIGHT_CACHE: folder };
    expect(() => javaNetworkOptions(env)).toThrow(/names .*missing\.pem, which cannot be read/);
  });
});

/** Number of certificates that Java finds in a key store. */
async function listedByKeytool(store: string): Promise<number> {
  const keytool = join(await ensureJava(17, quiet), "bin", "keytool");
  const listing = execFileSync(keytool, ["-list", "-keystore", store, "-storepass", ""], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return Number(/contains (\d+) entries/.exec(listing)?.[1]);
}

describe("the toolchain", () => {
  it("has the versions of AWS Glue 5.0", async () => {
    const { python } = await ensurePython(quiet);
    const code = "import pyspark; print(pyspark.__version__)";
    expect(execFileSync(python, ["-c", code], { encoding: "utf8" })).toBe("3.5.4\n");
    const java = join(await ensureJava(17, quiet), "bin", "java");
    expect(execFileSync(java, ["--version"], { encoding: "utf8" })).toContain("openjdk 17.0.9");
    const names = (await ensureJars(quiet)).map((jar) => basename(jar));
    expect(names.slice(0, 2)).toEqual([
      "hudi-spark3.5-bundle_2.12-0.15.0.jar",
      "delta-spark_2.12-3.3.0.jar",
    ]);
  });

  it("has test tools that see PySpark, with scripts that name their own environment", async () => {
    const { python, folder: environment } = await ensureTestPython(quiet);
    const code = "import pyspark, pytest, mypy; print(pyspark.__version__)";
    expect(execFileSync(python, ["-c", code], { encoding: "utf8" })).toBe("3.5.4\n");
    const version = execFileSync(join(environment, "bin", "pytest"), ["--version"], {
      encoding: "utf8",
    });
    expect(version).toContain("pytest 9.2.0");
  });

  it("says what is wrong with the Python that the user names", async () => {
    const before = process.env.LAKEWRIGHT_PYTHON;
    process.env.LAKEWRIGHT_PYTHON = join(folder, "no-python");
    try {
      await expect(ensurePython(quiet)).rejects.toThrow(
        /^Lakewright needs Python 3\.10, 3\.11 or 3\.12 \(found .*no-python: not found\)/,
      );
    } finally {
      if (before === undefined) delete process.env.LAKEWRIGHT_PYTHON;
      else process.env.LAKEWRIGHT_PYTHON = before;
    }
  });
});
