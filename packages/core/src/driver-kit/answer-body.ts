import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

/** All bytes of a body; rejects when it is cut off. `progressed` is called as they come. */
export function bytesOf(body: Readable, progressed?: () => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let hasEnded = false;
    body.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      progressed?.();
    });
    body.once('end', () => {
      hasEnded = true;
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    body.once('error', reject);
    body.once('close', () => {
      if (!hasEnded) reject(closed());
    });
  });
}

/** Reads an answer whose body says nothing to its end; where there is none, nothing can be cut off. */
export async function finished(answer: IncomingMessage): Promise<void> {
  if (answer.statusCode === 204 || answer.headers['content-length'] === '0') answer.resume();
  else await bytesOf(answer);
}

/** The error of a connection that ended before its time. */
export function closed(): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
}

/** An error has a short text; what is longer is none of the service's. */
const maxRefusalBytes = 64 * 1024;

/** The text of a refusal, as far as it came: the status says what there is to say. */
export async function refusalText(answer: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > maxRefusalBytes) break;
    }
  } catch {
    // Cut off, it is as good as none.
  }
  return Buffer.concat(chunks).toString('utf8');
}
