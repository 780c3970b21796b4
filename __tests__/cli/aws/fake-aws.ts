import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What AWS answers to a call: a body, or an error by its name. */
export type Answer = object | { readonly awsError: string; readonly message?: string };
type Answers = Record<string, (input: Record<string, unknown>, count: number) => Answer>;

const CALLER = { Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/operator" };

interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * AWS over HTTP, as far as a test says: each operation's answer by its name. The SDK finds it by
 * `AWS_ENDPOINT_URL`.
 */
export class FakeAws {
  /** What was called, in order. */
  readonly calls: { readonly operation: string; readonly input: Record<string, unknown> }[] = [];
  answers: Answers = {};
  /** S3's objects by `bucket/key`. */
  readonly objects = new Map<string, string>();
  private server?: Server;
  private readonly environment = { ...process.env };

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      void this.answer(request).then(({ status, type, body, headers }) => {
        response.writeHead(status, { "content-type": type, "x-amzn-requestid": "1", ...headers });
        response.end(body);
      });
    });
    await new Promise<void>((resolve) => this.server!.listen(0, "127.0.0.1", resolve));
    const { port } = this.server.address() as AddressInfo;
    for (const name of Object.keys(process.env)) {
      if (name.startsWith("AWS_")) delete process.env[name];
    }
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    });
  }

  reset(answers: Answers): void {
    this.calls.length = 0;
    this.objects.clear();
    this.answers = answers;
  }

  /** The inputs of an operation's calls. */
  inputs(operation: string): Record<string, unknown>[] {
    return this.calls.filter((call) => call.operation === operation).map(({ input }) => input);
  }

  async stop(): Promise<void> {
    process.env = this.environment;
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<HttpAnswer> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const target = request.headers["x-amz-target"] as string | undefined;
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://fake");
    if (target) return this.json(target.split(".").at(-1)!, body);
    if (searchParams.get("list-type") === "2") return this.listing(pathname, searchParams);
    if (request.headers.authorization?.includes("/s3/aws4_request")) {
      return this.storage(request.method ?? "", pathname, body);
    }
    const form = new URLSearchParams(body);
    if (form.has("Action")) return this.query(form);
    return this.json(pathname.slice(1), body);
  }

  private ask(operation: string, input: Record<string, unknown>): Answer {
    this.calls.push({ operation, input });
    const count = this.inputs(operation).length;
    const answer = this.answers[operation];
    if (answer) return answer(input, count);
    if (operation === "GetCallerIdentity") return CALLER;
    return { awsError: "TestSaysNothing", message: operation };
  }

  private json(operation: string, body: string) {
    const answer = this.ask(operation, body ? JSON.parse(body) : {});
    const type = "application/x-amz-json-1.1";
    if (!("awsError" in answer)) return { status: 200, type, body: JSON.stringify(answer) };
    const error = { __type: answer.awsError, message: answer.message ?? "" };
    return { status: 400, type, body: JSON.stringify(error) };
  }

  private listing(pathname: string, search: URLSearchParams) {
    const bucket = pathname.replaceAll("/", "");
    const input = { Bucket: bucket, Prefix: search.get("prefix") };
    const { KeyCount } = this.ask("ListObjectsV2", input) as { KeyCount: number };
    const body = `<ListBucketResult><Name>${bucket}</Name><KeyCount>${KeyCount}</KeyCount></ListBucketResult>`;
    return { status: 200, type: "application/xml", body };
  }

  /** Objects of one version each, `v1`. */
  private storage(method: string, pathname: string, body: string) {
    const key = decodeURIComponent(pathname.slice(1));
    const headers = { "x-amz-version-id": "v1" };
    if (method === "POST") {
      for (const [, deleted] of body.matchAll(/<Key>(.*?)<\/Key><VersionId>v1</g)) {
        this.objects.delete(`${key.replace(/\/$/, "")}/${deleted}`);
      }
      return { status: 200, type: "application/xml", body: "<DeleteResult></DeleteResult>" };
    }
    if (method === "PUT") {
      this.objects.set(key, body);
      return { status: 200, type: "application/xml", body: "", headers };
    }
    const found = this.objects.get(key);
    if (found !== undefined) return { status: 200, type: "text/plain", body: found, headers };
    const error = "<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>";
    return { status: 404, type: "application/xml", body: error };
  }

  private query(form: URLSearchParams) {
    const operation = form.get("Action")!;
    const answer = this.ask(operation, Object.fromEntries(form));
    const type = "text/xml";
    if ("awsError" in answer) {
      const body = `<ErrorResponse><Error><Code>${answer.awsError}</Code><Message>${answer.message}</Message></Error></ErrorResponse>`;
      return { status: 403, type, body };
    }
    const xml = (value: object): string =>
      Object.entries(value)
        .map(
          ([name, each]) =>
            `<${name}>${typeof each === "object" ? xml(each as object) : each}</${name}>`,
        )
        .join("");
    const body = `<${operation}Response><${operation}Result>${xml(answer)}</${operation}Result></${operation}Response>`;
    return { status: 200, type, body };
  }
}
