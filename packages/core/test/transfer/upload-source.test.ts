import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { toUploadSource } from '../../src/body/to-upload-source.ts';
import { withUploadSource } from '../../src/body/with-upload-source.ts';
import { isDriverFault } from '../../src/errors/driver-fault.ts';

const text = 'grüße, 世界';
const bytes = new TextEncoder().encode(text);

async function read(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString('utf8');
}

async function faultOf(work: Promise<unknown>): Promise<{ code: string; message: string; cause: unknown }> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isDriverFault(error)) throw new Error('expected a DriverFault', { cause: error });
  return { code: error.classification.code, message: error.message, cause: error.cause };
}

async function* generate(...chunks: (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  for (const chunk of chunks) yield chunk;
}

describe('a body of any kind', () => {
  const inMemory: [string, unknown][] = [
    ['a string', text],
    ['a Uint8Array', bytes],
    ['an ArrayBuffer', bytes.slice().buffer],
    ['a DataView', new DataView(bytes.slice().buffer)],
    ['an array of chunks', ['grüße', new Uint8Array(0), '', new TextEncoder().encode(', 世界')]],
    ['a function that returns bytes', () => bytes],
    ['an async function that returns a string', async () => text],
  ];
  it.each(inMemory)('%s is in memory, has a size and can be replayed', async (_name, input) => {
    const source = await toUploadSource(input);
    expect(source).toMatchObject({ size: bytes.byteLength, replayable: true, contentType: undefined });
    expect(Buffer.concat(source.pieces ?? []).toString('utf8')).toBe(text);
    expect(await read(source.open())).toBe(text);
    expect(await read(source.open())).toBe(text);
  });

  const streams: [string, () => unknown][] = [
    ['a web stream', () => new Blob([bytes]).stream()],
    ['a Node stream', () => Readable.from([bytes.subarray(0, 3), bytes.subarray(3)])],
    ['a Node stream of text', () => Readable.from([bytes]).setEncoding('utf8')],
    ['an async generator', () => generate('grüße', '', new Uint8Array(0), ', 世界')],
    ['a Set', () => new Set(['grüße', ', 世界'])],
  ];
  it.each(streams)('%s is read once', async (_name, make) => {
    const source = await toUploadSource(make());
    expect(source).toMatchObject({ size: undefined, replayable: false });
    expect(source.pieces).toBeUndefined();
    expect(await read(source.open())).toBe(text);
    expect(() => source.open()).toThrow();
  });

  it('a view is read within its own bounds and not copied', async () => {
    const source = await toUploadSource(new Uint16Array(bytes.slice(0, 4).buffer, 2, 1));
    expect(source.size).toBe(2);
    expect(source.pieces?.[0]).toEqual(bytes.subarray(2, 4));
    const whole = await toUploadSource(bytes);
    expect(whole.pieces?.[0]?.buffer).toBe(bytes.buffer);
  });

  it('a Blob has its size and type, is replayed, and is read in slices', async () => {
    const source = await toUploadSource(new File([bytes], 'a.txt', { type: 'text/plain' }));
    expect(source).toMatchObject({ size: bytes.byteLength, contentType: 'text/plain', replayable: true });
    expect(await read(source.open())).toBe(text);
    expect(await read(source.open())).toBe(text);
    const target = new Uint8Array(3);
    await source.readAt?.(target, 1);
    expect(target).toEqual(bytes.subarray(1, 4));
  });

  it('a Response gives its content type and length, and its length only where the body is not encoded', async () => {
    const headers = { 'content-type': 'image/png', 'content-length': '14' };
    const source = await toUploadSource(new Response(bytes, { headers }));
    expect(source).toMatchObject({ size: 14, contentType: 'image/png', replayable: false });
    expect(await read(source.open())).toBe(text);
    const encoded = await toUploadSource(new Response(bytes, { headers: { ...headers, 'content-encoding': 'gzip' } }));
    expect(encoded.size).toBeUndefined();
  });

  it('a Response without a body is empty', async () => {
    expect(await toUploadSource(new Response(null))).toMatchObject({ size: 0, replayable: true });
  });

  it('a function is asked once before the write, and again for each replay', async () => {
    const open = vi.fn(() => Readable.from([bytes]));
    const source = await toUploadSource(open);
    expect(source.replayable).toBe(true);
    expect(open).toHaveBeenCalledTimes(1);
    expect(await read(source.open())).toBe(text);
    expect(open).toHaveBeenCalledTimes(1);
    expect(await read(source.open())).toBe(text);
    expect(open).toHaveBeenCalledTimes(2);
  });

  it('a function that returns the same stream twice is refused when it is replayed', async () => {
    const stream = Readable.from([bytes]);
    const source = await toUploadSource(() => stream);
    await read(source.open());
    expect(await faultOf(read(source.open()))).toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining('must open the body anew'),
    });
  });

  it('a function that fails is a failure of the body, with its error as cause', async () => {
    const cause = new Error('no such camera');
    expect(await faultOf(toUploadSource(() => Promise.reject(cause)))).toMatchObject({ code: 'Unknown', cause });
  });
});

describe('what is not a body', () => {
  const wrong: [unknown, string][] = [
    [undefined, 'undefined'],
    [null, 'null'],
    [42, 'a number'],
    [true, 'a boolean'],
    [{}, 'an instance of Object'],
    [new Date(), 'an instance of Date'],
    [() => 42, 'a number'],
  ];
  it.each(wrong)('%s is InvalidArgument that says what is accepted', async (input, name) => {
    const fault = await faultOf(toUploadSource(input));
    expect(fault.code).toBe('InvalidArgument');
    expect(fault.message).toContain(`is ${name};`);
    expect(fault.message).toContain('Blob');
  });

  it('a chunk of another type is InvalidArgument that names it, and the source is stopped', async () => {
    const stop = vi.fn();
    async function* chunks(): AsyncGenerator {
      try {
        yield 'fine';
        yield 7;
      } finally {
        stop();
      }
    }
    const source = await toUploadSource(chunks());
    expect(await faultOf(read(source.open()))).toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining('a number'),
    });
    await vi.waitFor(() => expect(stop).toHaveBeenCalledTimes(1));
    expect((await faultOf(toUploadSource(['a', 7]))).code).toBe('InvalidArgument');
  });

  it('a used body is InvalidArgument', async () => {
    const used = new Response('x');
    await used.text();
    const locked = new Blob(['x']).stream();
    locked.getReader();
    const disturbed = new Blob(['x']).stream();
    await disturbed.cancel();
    const destroyed = Readable.from(['x']);
    destroyed.destroy();
    const ended = Readable.from(['x']);
    ended.resume();
    await new Promise((resolve) => ended.on('end', resolve));
    for (const input of [used, locked, disturbed, destroyed, ended]) {
      expect((await faultOf(toUploadSource(input))).code).toBe('InvalidArgument');
    }
  });
});

describe('a source that is not read to its end', () => {
  it('is destroyed when the work rejects before it was opened', async () => {
    const node = new PassThrough();
    const cancel = vi.fn();
    const web = new ReadableStream({ cancel });
    const returned = vi.fn(() => Promise.resolve({ done: true as const, value: undefined }));
    const iterable = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined), return: returned }),
    };
    const refusal = new Error('refused');
    for (const input of [node, web, iterable, () => new PassThrough()]) {
      await expect(withUploadSource(input, {}, () => Promise.reject(refusal))).rejects.toBe(refusal);
    }
    expect(node.destroyed).toBe(true);
    expect(cancel).toHaveBeenCalledWith(refusal);
    await vi.waitFor(() => expect(returned).toHaveBeenCalled());
  });

  it('is destroyed when its reader stops in the middle', async () => {
    const node = Readable.from(['a', 'b', 'c']);
    const source = await toUploadSource(node);
    for await (const chunk of source.open()) {
      expect(chunk.byteLength).toBe(1);
      break;
    }
    expect(node.destroyed).toBe(true);
  });

  it('does not take the end of a cancelled web stream for the end of the body', async () => {
    const source = await toUploadSource(new ReadableStream());
    const next = source.open()[Symbol.asyncIterator]().next();
    const reason = new Error('stop');
    await source.cancel(reason);
    await expect(next).rejects.toBe(reason);
  });

  it('a stream that fails before it is read does not end the process, and reading reports the error', async () => {
    const node = new PassThrough();
    const source = await toUploadSource(node);
    node.destroy(new Error('connection closed'));
    await new Promise((resolve) => setImmediate(resolve));
    await expect(read(source.open())).rejects.toThrow('connection closed');
  });

  it('a file that a form parser cut at its limit is LengthMismatch', async () => {
    const node = Object.assign(Readable.from(['half a fi']), { truncated: true });
    const source = await toUploadSource(node);
    expect((await faultOf(read(source.open()))).code).toBe('LengthMismatch');
  });

  it('a function that never returns is given up when the signal aborts', async () => {
    const controller = new AbortController();
    const saving = withUploadSource(
      () => new Promise(() => undefined),
      { signal: controller.signal },
      async () => 'saved',
    );
    controller.abort(new Error('enough'));
    expect((await faultOf(saving)).code).toBe('Aborted');
  });
});
