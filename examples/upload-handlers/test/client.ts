import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Form } from './form.ts';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Sends a form whole. An answer that comes before the end is an answer too. */
export function send(url: string, method: string, { headers, bytes }: Form): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers: { ...headers, 'content-length': bytes.byteLength } });
    outgoing.once('response', (response) => {
      // The server may close while we are still sending.
      outgoing.removeListener('error', reject).on('error', () => undefined);
      text(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, body: JSON.parse(body) as Answer['body'] }),
        reject,
      );
    });
    outgoing.once('error', reject);
    outgoing.end(bytes);
  });
}

/** Announces a whole form, sends half of it and closes the connection. */
export function sendHalf(url: string, method: string, { headers, bytes }: Form): Promise<void> {
  return new Promise((resolve) => {
    const outgoing = request(url, { method, headers: { ...headers, 'content-length': bytes.byteLength } });
    outgoing.on('error', () => undefined);
    outgoing.once('close', resolve);
    outgoing.write(bytes.subarray(0, bytes.byteLength / 2), () => {
      // The server must have seen some of it.
      setTimeout(() => outgoing.destroy(), 100);
    });
  });
}
