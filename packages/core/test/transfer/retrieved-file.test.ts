import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StorageBackend } from '../../src/backend.ts';
import type { RetrievedFile } from '../../src/retrieved-file.ts';
import { breaking, cutAfter, type Mischief, stalledAfter, type Watch } from './broken-bodies.ts';
import { cut, errorOf, KiB, makeBackend, someBytes } from './setup.ts';

const large = someBytes(200 * KiB);
const text = JSON.stringify({ name: 'grüße' });

async function stored(
  content: Uint8Array | string,
  mischief: Mischief = () => undefined,
): Promise<{ backend: StorageBackend; watch: Watch }> {
  const watch = { opened: 0, open: 0 };
  const { backend } = makeBackend({
    change: breaking(watch, mischief),
    singlePut: { maxSize: 2 ** 40, unknownSize: true },
  });
  await backend.save('a', content, {
    contentType: 'application/json',
    metadata: { jobId: '7' },
    cacheControl: 'no-store',
    contentDisposition: 'attachment',
    contentEncoding: 'br',
    contentLanguage: 'de',
  });
  return { backend, watch };
}

async function all(file: RetrievedFile): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file) chunks.push(chunk);
  return chunks;
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retrieved-file-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('a retrieved file', () => {
  it('has the info of the object, and prints without its machinery', async () => {
    const { backend } = await stored(text);
    const file = await backend.retrieve('a');
    const info = (await backend.getMetadata('a'))!;
    expect({ ...file }).toEqual({ ...info, range: { start: 0, end: info.size } });
    expect(file.bodyUsed).toBe(false);
  });

  it('of a range has the info of the whole object', async () => {
    const { backend } = await stored(text);
    const { range: _, ...file } = await backend.retrieve('a', { range: { start: 2, end: 4 } });
    expect(file).toEqual(await backend.getMetadata('a'));
  });

  const contents: [string, string][] = [
    ['small', text],
    ['large', JSON.stringify({ name: 'ü'.repeat(100 * KiB) })],
    ['empty', ''],
  ];
  describe.each(contents)('that is %s', (_title, content) => {
    const bytes = Buffer.from(content);
    const forms: [string, (file: RetrievedFile) => Promise<Uint8Array>][] = [
      ['bytes', (file) => file.bytes()],
      ['arrayBuffer', async (file) => new Uint8Array(await file.arrayBuffer())],
      ['text', async (file) => Buffer.from(await file.text())],
      ['blob', async (file) => new Uint8Array(await (await file.blob()).arrayBuffer())],
      ['stream', async (file) => new Uint8Array(await new Response(file.stream()).arrayBuffer())],
      ['nodeStream', async (file) => Buffer.concat((await file.nodeStream().toArray()) as Uint8Array[])],
      ['iteration', async (file) => Buffer.concat(await all(file))],
      ['toResponse', async (file) => new Uint8Array(await file.toResponse().arrayBuffer())],
      [
        'saveTo',
        async (file) => {
          await file.saveTo(join(folder, 'out'));
          return readFile(join(folder, 'out'));
        },
      ],
    ];
    it.each(forms)('is read as %s, once', async (_form, read) => {
      const { backend, watch } = await stored(content);
      const file = await backend.retrieve('a');
      expect(Buffer.compare(await read(file), bytes)).toBe(0);
      expect(file.bodyUsed).toBe(true);
      expect(watch.open).toBe(0);
      const second = async (): Promise<unknown> => read(file);
      expect((await errorOf(second())).code).toBe('InvalidArgument');
    });
  });

  it('is read as json, and what is no JSON is InvalidArgument', async () => {
    const { backend } = await stored(text);
    expect(await (await backend.retrieve('a')).json()).toEqual({ name: 'grüße' });
    const half = await backend.retrieve('a', { range: { start: 0, end: 5 } });
    expect(await errorOf(half.json())).toMatchObject({ code: 'InvalidArgument', cause: expect.any(SyntaxError) });
  });

  it('gives a Blob of its content type', async () => {
    const { backend } = await stored(text);
    expect((await (await backend.retrieve('a')).blob()).type).toBe('application/json');
  });

  it('gives bytes that are the reader’s own', async () => {
    const { backend } = await stored(text);
    const bytes = await (await backend.retrieve('a')).bytes();
    bytes.fill(0);
    expect(await (await backend.retrieve('a')).text()).toBe(text);
  });
});

describe('toResponse', () => {
  it('has the headers of the file', async () => {
    const { backend } = await stored(text);
    const file = await backend.retrieve('a');
    const response = file.toResponse();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'application/json',
      'content-length': String(file.size),
      etag: file.etag,
      'last-modified': file.lastModified.toUTCString(),
      'cache-control': 'no-store',
      'content-disposition': 'attachment',
      'content-encoding': 'br',
      'content-language': 'de',
    });
  });

  it('of a range is 206 and says which', async () => {
    const { backend } = await stored(text);
    const response = (await backend.retrieve('a', { range: { start: 2, end: 5 } })).toResponse();
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes 2-4/${Buffer.byteLength(text)}`);
    expect(response.headers.get('content-length')).toBe('3');
    expect(await response.text()).toBe(text.slice(2, 5));
  });

  it('of an empty range is 200 and empty, since no content-range can say it', async () => {
    const { backend } = await stored(text);
    const response = (await backend.retrieve('a', { range: { start: 2, length: 0 } })).toResponse();
    expect([response.status, response.headers.get('content-range'), await response.text()]).toEqual([200, null, '']);
  });
});

describe('a body that is not wanted', () => {
  const ways: [string, (file: RetrievedFile) => Promise<unknown>][] = [
    ['cancel', (file) => file.cancel()],
    ['cancel, twice', (file) => file.cancel().then(() => file.cancel())],
    ['await using', async (file) => file[Symbol.asyncDispose]()],
    [
      'break',
      async (file) => {
        for await (const chunk of file) if (chunk.byteLength > 0) break;
      },
    ],
    ['cancelling its stream', (file) => file.stream().cancel()],
    [
      'cancelling its stream in the middle',
      async (file) => {
        const reader = file.stream().getReader();
        await reader.read();
        await reader.cancel();
      },
    ],
    ['destroying its Node stream', async (file) => void file.nodeStream().destroy()],
    [
      'destroying its Node stream in the middle',
      async (file) => {
        const stream = file.nodeStream();
        await new Promise((resolve) => stream.once('data', resolve));
        stream.destroy();
      },
    ],
    [
      'a pipeline whose end fails',
      async (file) => {
        const sink = new Writable({ write: (_chunk, _encoding, done) => done(new Error('full')) });
        await pipeline(file.nodeStream(), sink).catch(() => undefined);
      },
    ],
    ['cancelling its Response', async (file) => file.toResponse().body?.cancel()],
  ];
  it.each(ways)('frees its connection by %s', async (_way, stop) => {
    const { backend, watch } = await stored(large);
    const file = await backend.retrieve('a');
    expect(watch.open).toBe(1);
    await stop(file);
    await vi.waitFor(() => expect(watch).toEqual({ opened: 1, open: 0 }));
    expect((await errorOf(file.bytes())).code).toBe('InvalidArgument');
  });

  it('of 1,000 files leaves nothing open', async () => {
    const { backend, watch } = await stored(large);
    for (let i = 0; i < 1000; i++) await (await backend.retrieve('a')).cancel();
    expect(watch).toEqual({ opened: 1000, open: 0 });
  });

  it('rejects a read that is on its way', async () => {
    const { backend, watch } = await stored(large, (all) => stalledAfter(all, 5_000));
    const file = await backend.retrieve('a');
    const reading = file.bytes();
    await new Promise((resolve) => setTimeout(resolve, 10));
    await file.cancel();
    expect((await errorOf(reading)).code).toBe('Aborted');
    expect(watch.open).toBe(0);
  });

  it('is freed when the file is forgotten', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const { backend, watch } = await stored(large);
    await (async () => {
      await backend.retrieve('a');
    })();
    expect(watch.open).toBe(1);
    await vi.waitFor(
      () => {
        collectGarbage();
        expect(watch.open).toBe(0);
      },
      { timeout: 5_000, interval: 20 },
    );
  });

  it('whose stream is still read is not freed with the file', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const { backend } = await stored(large);
    const open = async (): Promise<ReadableStream<Uint8Array>> => (await backend.retrieve('a')).stream();
    const reader = (await open()).getReader();
    let received = 0;
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      received += next.value.byteLength;
      if (received % 20_000 === 0) {
        collectGarbage();
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    expect(received).toBe(large.byteLength);
  });
});

describe('every form of a body that breaks', () => {
  const forms: [string, (file: RetrievedFile) => Promise<unknown>][] = [
    ['bytes', (file) => file.bytes()],
    ['stream', (file) => new Response(file.stream()).arrayBuffer()],
    ['nodeStream', (file) => file.nodeStream().toArray()],
    ['iteration', (file) => all(file)],
    ['saveTo', (file) => file.saveTo(join(folder, 'out'))],
  ];
  it.each(forms)('%s rejects with a StorageError', async (_form, read) => {
    const { backend, watch } = await stored(large, (all) => cutAfter(all, 10_000, cut()));
    expect((await errorOf(read(await backend.retrieve('a')))).code).toBe('Unavailable');
    expect(watch.open).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it('a reader that asks twice at once gets the chunks in order', async () => {
    const { backend } = await stored(large);
    const chunks = (await backend.retrieve('a'))[Symbol.asyncIterator]();
    const [first, second] = await Promise.all([chunks.next(), chunks.next()]);
    expect(Buffer.compare(first.value!, large.subarray(0, 1000))).toBe(0);
    expect(Buffer.compare(second.value!, large.subarray(1000, 2000))).toBe(0);
    await chunks.return?.();
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
  });
});

describe('saveTo', () => {
  it('replaces a file at once, and leaves nothing beside it', async () => {
    const { backend } = await stored(large);
    const path = join(folder, 'out');
    await writeFile(path, 'before');
    await (await backend.retrieve('a')).saveTo(path);
    expect(Buffer.compare(await readFile(path), large)).toBe(0);
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('that fails leaves what was there', async () => {
    const { backend } = await stored(large, (all) => cutAfter(all, 10_000, cut()));
    const path = join(folder, 'out');
    await writeFile(path, 'before');
    await errorOf((await backend.retrieve('a')).saveTo(path));
    expect(await readFile(path, 'utf8')).toBe('before');
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('to where no file can be is InvalidArgument, and frees the connection', async () => {
    const { backend, watch } = await stored(large);
    for (const path of [join(folder, 'no', 'such', 'folder'), folder, join(folder, 'x'.repeat(300))]) {
      expect((await errorOf((await backend.retrieve('a')).saveTo(path))).code).toBe('InvalidArgument');
    }
    expect(watch.open).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it('to what is no path is InvalidArgument, and the body is still there', async () => {
    const { backend } = await stored(large);
    const file = await backend.retrieve('a');
    for (const path of ['', 7 as never]) expect((await errorOf(file.saveTo(path))).code).toBe('InvalidArgument');
    expect((await file.bytes()).byteLength).toBe(large.byteLength);
  });
});
