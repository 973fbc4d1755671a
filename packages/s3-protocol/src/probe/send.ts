import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** Answer to a request that was signed for whoever has it. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** Sends a signed request as an outsider would, on a connection of its own: `fetch` would keep it for the next. */
export function send(
  url: string,
  request: { readonly method: string; readonly headers?: Record<string, string>; readonly body?: string | Uint8Array },
): Promise<PlainAnswer> {
  const { method, headers = {}, body = '' } = request;
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  const open = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = open(
      url,
      { method, headers: { ...headers, ...length }, agent: false, timeout: 60_000 },
      (response) => {
        response.setEncoding('utf8');
        let text = '';
        response.on('data', (piece: string) => {
          text += piece;
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('no answer within 60 s')));
    sent.on('error', reject);
    sent.end(body);
  });
}

export function isOk({ status }: PlainAnswer): boolean {
  return status >= 200 && status < 300;
}
