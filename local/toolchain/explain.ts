import { UserError } from "../../model/errors";
import { ProgramFailed } from "../process/run";

/** What surroundings do to an installation, how that shows, and what helps. */
const CAUSES: readonly { readonly signs: RegExp; readonly sentence: string }[] = [
  {
    signs: /ENOSPC|No space left on device|Disk quota exceeded|not enough space/i,
    sentence:
      "the disk is full. Free some space, or set LAKEWRIGHT_CACHE to a folder on another disk, and run the command again",
  },
  {
    signs: /CERTIFICATE_VERIFY_FAILED|PKIX path|SSLHandshake|self.signed certificate|SSLError/i,
    sentence:
      "the server's certificate is not trusted here. Set SSL_CERT_FILE to a PEM file with your organisation's certificate authority and run the command again",
  },
  {
    signs:
      /name resolution|UnknownHost|Unknown host|nodename nor servname|ENOTFOUND|EAI_AGAIN|Network is unreachable|ConnectException|ECONNREFUSED|Connection refused|ConnectionError|Connection timed out|ReadTimeout|connection broken|Failed to establish a new connection|Server access error|Connection reset|ProxyError/i,
    sentence:
      "the network could not be reached. Check the connection (or HTTPS_PROXY, if you use a proxy) and run the command again",
  },
  {
    signs: /No matching distribution|Could not find a version/i,
    sentence:
      "the package index that pip is configured with does not have it for this computer. Look at `pip config list` and run the command again",
  },
  {
    signs: /UNRESOLVED DEPENDENCIES|unresolved dependency|FAILED DOWNLOADS/i,
    sentence:
      "the Maven repository does not have it. Look at the settings file that LAKEWRIGHT_IVY_SETTINGS names and run the command again",
  },
  {
    signs: /ensurepip|No module named venv/i,
    sentence:
      "Python came without its venv module. Install it (Debian and Ubuntu: `sudo apt install python3-venv`) and run the command again",
  },
];

/**
 * The error to show when installing `title` failed: one sentence with the remedy where the cause
 * is known, the program's last lines where it is not.
 */
export function explainInstallFailure(title: string, error: unknown): Error {
  if (error instanceof UserError) return error;
  const isProgram = error instanceof ProgramFailed;
  const isSystem = error instanceof Error && "code" in error;
  if (!isProgram && !isSystem) return error as Error;
  const text = isProgram ? error.output : String(error);
  const cause = CAUSES.find(({ signs }) => signs.test(text));
  const reason = cause
    ? `${cause.sentence}.`
    : isProgram
      ? `${error.program} ended with ${error.exit}. Its last lines:\n${text}`
      : `${text}.`;
  return new UserError(`Could not install ${title}: ${reason}`, { cause: error });
}
