import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One answer of a script. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request as it came. */
interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP server that gives the answers that AWS documents, and that no emulator gives. */
export interface ScriptedServer {
  readonly url: string;
  readonly asked: Asked[];
  /** What comes next; a request beyond the script is answered 418. */
  answer(...answers: readonly Answer[]): void;
  /** The same for requests of which nobody knows the order. */
  answerEach(answerOf: (asked: Asked) => Answer): void;
  close(): Promise<void>;
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  const script: Answer[] = [];
  const asked: Asked[] = [];
  let answerOf: ((asked: Asked) => Answer) | undefined;
  const server: Server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url = '', headers } = request;
      const came = { method, url, headers, body };
      asked.push(came);
      const answer = answerOf?.(came) ?? script.shift() ?? { status: 418 };
      response.writeHead(answer.status, { 'x-amz-request-id': 'SCRIPTED', ...answer.headers });
      response.end(method === 'HEAD' ? undefined : answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    answer: (...answers) => {
      script.length = 0;
      asked.length = 0;
      script.push(...answers);
      answerOf = undefined;
    },
    answerEach: (by) => {
      asked.length = 0;
      answerOf = by;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** An error as S3 writes it. */
export function refusal(
  status: number,
  code: string,
  more: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const members = Object.entries({ Code: code, Message: `${code} of the script`, ...more });
  const xml = members.map(([name, value]) => `<${name}>${value}</${name}>`).join('');
  return {
    status,
    headers: { 'content-type': 'application/xml', ...headers },
    body: `<?xml version="1.0" encoding="UTF-8"?><Error>${xml}</Error>`,
  };
}

/** The answer to HEAD, of an object of 4 bytes. */
export function found(headers: Readonly<Record<string, string>> = {}): Answer {
  const date = 'Thu, 01 Jan 2026 00:00:00 GMT';
  return { status: 200, headers: { etag: '"e"', 'content-length': '4', 'last-modified': date, ...headers } };
}
