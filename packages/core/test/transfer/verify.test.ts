import { describe, expect, it, vi } from 'vitest';
import { type BodyClaims, VerifiedBody, verifyPieces } from '../../src/body/verify.ts';
import { createDigest } from '../../src/checksum.ts';

const none: BodyClaims = { size: undefined, maxSize: undefined, checksum: undefined };
const signal = new AbortController().signal;
const bytes = new TextEncoder().encode('0123456789');

async function* chunks(stop?: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield bytes.subarray(0, 4);
    yield bytes.subarray(4, 8);
    yield bytes.subarray(8);
  } finally {
    stop?.();
  }
}

async function drain(body: VerifiedBody): Promise<number> {
  let total = 0;
  for await (const chunk of body) total += chunk.byteLength;
  return total;
}

function code(expected: string): unknown {
  return expect.objectContaining({ classification: expect.objectContaining({ code: expected, retryable: 'no' }) });
}

const md5 = createDigest('md5');
md5.update(bytes);
const checksum = { algorithm: 'md5', value: md5.hex() } as const;
const other = { algorithm: 'md5', value: '0'.repeat(32) } as const;

describe('a body that was declared', () => {
  it('passes when it is as declared, and is counted', async () => {
    const passed = vi.fn();
    const body = new VerifiedBody(chunks(), { size: 10, maxSize: 10, checksum }, { signal, passed });
    expect(await drain(body)).toBe(10);
    expect(passed.mock.calls).toEqual([[4], [8], [10]]);
    expect(body.failure).toBeUndefined();
  });

  const cases: [string, BodyClaims, string, number][] = [
    ['longer than its size fails at the first byte too many', { ...none, size: 5 }, 'LengthMismatch', 4],
    ['shorter than its size fails at its end', { ...none, size: 11 }, 'LengthMismatch', 10],
    ['longer than maxSize fails at the first byte too many', { ...none, maxSize: 9 }, 'LengthMismatch', 8],
    ['of another checksum fails at its end', { ...none, checksum: other }, 'ChecksumMismatch', 10],
  ];
  it.each(cases)('%s', async (_title, claims, expected, reached) => {
    const stopped = vi.fn();
    let passed = 0;
    const body = new VerifiedBody(chunks(stopped), claims, { signal, passed: (total) => void (passed = total) });
    await expect(drain(body)).rejects.toEqual(code(expected));
    expect(passed).toBe(reached);
    expect(body.failure).toEqual(code(expected));
    await vi.waitFor(() => expect(stopped).toHaveBeenCalledTimes(1));
    await expect(body.next()).rejects.toEqual(code(expected));
  });

  it.each(cases)('in memory, %s', (_title, claims, expected) => {
    expect(() => verifyPieces([bytes.subarray(0, 4), bytes.subarray(4)], claims)).toThrow(code(expected));
  });

  it('shows a reader who stops at the announced length that it is wrong', async () => {
    for (const [claims, expected] of [
      [{ ...none, size: 8 }, 'LengthMismatch'],
      [{ size: 10, maxSize: undefined, checksum: other }, 'ChecksumMismatch'],
    ] as const) {
      const body = new VerifiedBody(chunks(), claims, { signal });
      const readExactly = async (): Promise<void> => {
        for (let total = 0; total < claims.size; ) total += (await body.next()).value?.byteLength ?? 0;
      };
      await expect(readExactly()).rejects.toEqual(code(expected));
    }
  });

  it('reports the failure of the source with its cause, as nothing that a retry mends', async () => {
    const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield bytes;
      throw cause;
    }
    await expect(drain(new VerifiedBody(broken(), none, { signal }))).rejects.toMatchObject({
      classification: { code: 'Unknown', retryable: 'no' },
      cause,
    });
  });

  it('gives up a source that hangs when the signal aborts, and says while it waits that it does', async () => {
    const controller = new AbortController();
    const returned = vi.fn(() => Promise.resolve({ done: true as const, value: undefined }));
    const waiting: boolean[] = [];
    const source = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined), return: returned }),
    };
    const body = new VerifiedBody(source, none, { signal: controller.signal, waiting: (is) => void waiting.push(is) });
    const next = body.next();
    expect(waiting).toEqual([true]);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    expect(waiting).toEqual([true, false]);
    expect(returned).toHaveBeenCalledTimes(1);
    expect(body.failure).toBeUndefined();
  });
});
