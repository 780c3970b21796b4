import { UserError } from "../../model/errors";

/** An error of AWS as its reader needs it. */
export class AwsError extends UserError {
  constructor(
    message: string,
    /** AWS's name of the error: `AccessDeniedException`. */
    readonly code: string,
  ) {
    super(message);
  }
}

/** What was called when it happened. */
export interface AwsCall {
  /** As AWS names it: `StartReplicationTask`. */
  readonly operation: string;
  readonly service: string;
  readonly region: string;
}

/** What AWS names errors that are not about the call itself, with what to do. */
const KNOWN: readonly { readonly names: RegExp; readonly remedy: string }[] = [
  {
    names: /^(CredentialsProviderError|TokenProviderError)$/,
    remedy:
      "no AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in again (aws sso login)",
  },
  {
    names: /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/,
    remedy: "the AWS credentials have expired; log in again (aws sso login) or set new ones",
  },
  {
    names:
      /^(UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|AuthFailure|InvalidSignatureException|SignatureDoesNotMatch|IncompleteSignature)$/,
    remedy: "AWS does not accept these credentials; check AWS_PROFILE or the access key",
  },
  {
    names: /^(RequestTimeTooSkewed|RequestInTheFuture)$/,
    remedy: "this computer's clock is wrong; set it and try again",
  },
  {
    names: /Throttl|^(TooManyRequestsException|RequestLimitExceeded|SlowDown)$/,
    remedy: "AWS had too many requests of this account; try again in a minute",
  },
];
const DENIED = /^(AccessDenied|AccessDeniedException|AccessDeniedFault|UnauthorizedOperation)$/;
const UNREACHABLE =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError)$/;

/** An error of the AWS SDK as a sentence with a remedy; anything else as it is. */
export function explainAwsError(error: unknown, call: AwsCall): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const { name, message } = error;
  const { operation, service, region } = call;
  const socket = (error as NodeJS.ErrnoException).code ?? name;
  if (UNREACHABLE.test(socket)) {
    return explained(
      `${service} in ${region} could not be reached (${socket}); check the network and the region`,
      socket,
      error,
    );
  }
  const known = KNOWN.find(({ names }) => names.test(name));
  if (known) return explained(`${known.remedy} (${operation}: ${message})`, name, error);
  if (DENIED.test(name)) {
    return explained(
      `AWS refuses ${operation}: ${message}; use credentials that may do it, or allow it to these`,
      name,
      error,
    );
  }
  if (!("$metadata" in error)) return error;
  return explained(`${operation}: ${message || name}`, name, error);
}

function explained(message: string, code: string, cause: Error): AwsError {
  return Object.assign(new AwsError(message, code), { cause });
}

/** Whether AWS answered with an error of that name. */
export function isAwsError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof AwsError && codes.includes(error.code);
}
