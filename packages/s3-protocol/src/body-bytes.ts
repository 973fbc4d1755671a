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

/** The error of a connection that ended before its time. */
export function closed(): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
}
