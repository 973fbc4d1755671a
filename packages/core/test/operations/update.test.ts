import { describe, expect, test, vi } from 'vitest';
import type { ObjectInfo, PutRequest, SetMetadataRequest } from '../../src/driver.ts';
import type { RetrievedFile } from '../../src/retrieved-file.ts';
import { always, fails, info, lost, script, scripted, stored } from '../call/setup.ts';
import { errorOf } from '../transfer/setup.ts';

const lostRace = fails('PreconditionFailed');

function opened(text: string, more: Partial<ObjectInfo> = {}): object {
  const body = Buffer.from(text);
  return { info: info('a', { size: body.byteLength, ...more }), range: { start: 0, end: body.byteLength }, body };
}

const puts = (member: { calls: unknown[][] }): PutRequest[] => member.calls.map(([request]) => request as PutRequest);
const append = async (file: RetrievedFile | undefined): Promise<string> => `${(await file?.text()) ?? ''}+`;

describe('update', () => {
  test('writes only over what it read, and keeps headers and metadata', async () => {
    const put = script(stored);
    const get = script(opened('x', { etag: '"7"', cacheControl: 'no-store' }));
    const { backend } = scripted({ get, put });
    await backend.update('a', append);
    const [request] = puts(put);
    expect(request!.condition).toEqual({ ifMatch: '"7"' });
    expect(Buffer.concat([...request!.body.pieces!]).toString()).toBe('x+');
    expect(request!.attributes).toMatchObject({
      headers: { contentType: 'text/plain', cacheControl: 'no-store' },
      metadata: { a: '1' },
    });
  });

  test('takes an option that is undefined as not given', async () => {
    const put = script(stored);
    const { backend } = scripted({ get: script(opened('x')), put });
    await backend.update('a', append, { contentType: undefined, metadata: { c: '3' } });
    expect(puts(put)[0]!.attributes).toMatchObject({ headers: { contentType: 'text/plain' }, metadata: { c: '3' } });
  });

  test('creates what is missing, unless somebody else does', async () => {
    const put = script(fails('AlreadyExists'), stored);
    const { backend } = scripted({ get: script(fails('NotFound'), opened('x', { etag: '"2"' })), put });
    await backend.update('a', append);
    expect(puts(put).map(({ condition }) => condition)).toEqual([{ ifAbsent: true }, { ifMatch: '"2"' }]);
  });

  test('starts anew, with what is there now, as often as it loses a race', async () => {
    const put = script(lostRace, lostRace, stored);
    const { backend } = scripted({ get: script(opened('1'), opened('2'), opened('3')), put });
    const fn = vi.fn(append);
    await backend.update('a', fn);
    expect(fn).toHaveBeenCalledTimes(3);
    expect(Buffer.concat([...puts(put)[2]!.body.pieces!]).toString()).toBe('3+');
  });

  test('gives up after a hundred rounds', async () => {
    const put = always(lostRace);
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { backend } = scripted({ get: always(() => opened('x')), put });
    expect(await errorOf(backend.update('a', append))).toMatchObject({ code: 'Conflict', retryable: 'safe' });
    expect(put.calls).toHaveLength(100);
    vi.restoreAllMocks();
  });

  test('does not write again what may have been written', async () => {
    const put = script(lost, lostRace);
    const { backend } = scripted({ get: script(opened('x')), put, head: script(info('a', { token: 'another' })) });
    expect(await errorOf(backend.update('a', append))).toMatchObject({ retryable: 'ambiguous' });
  });

  test('starts anew when the object changed while the function read it', async () => {
    const size = 5_000_000;
    const broken = {
      cancel: () => Promise.resolve(),
      async *[Symbol.asyncIterator]() {
        yield await Promise.resolve(Buffer.alloc(10));
        throw fails('Unavailable', { retryable: 'safe' });
      },
    };
    const big = { info: info('a', { size }), range: { start: 0, end: size }, body: broken };
    // The read goes on at the offset, pinned to the etag, which is no longer there.
    const get = script(big, lostRace, opened('now', { etag: '"9"' }));
    const put = script(stored);
    const { backend } = scripted({ get, put });
    await backend.update('a', append);
    expect(puts(put)[0]!.condition).toEqual({ ifMatch: '"9"' });
  });

  test('writes nothing when the function returns nothing, and reads on nothing', async () => {
    const put = always(stored);
    const { backend } = scripted({ get: script(opened('x')), put });
    expect(await backend.update('a', () => undefined)).toBeUndefined();
    expect(put.calls).toHaveLength(0);
  });

  test.each([new Error('mine'), 'mine', Object.create(null), fails('PreconditionFailed')])(
    'rejects with what the function threw as cause, and does not call it again: %o',
    async (thrown: unknown) => {
      const fn = vi.fn(() => {
        throw thrown;
      });
      const { backend } = scripted({ get: always(() => opened('x')) });
      const error = await errorOf(backend.update('a', fn));
      expect(error).toMatchObject({ code: 'Unknown', operation: 'update', key: 'a' });
      expect(error.cause).toBe(thrown);
      expect(fn).toHaveBeenCalledTimes(1);
    },
  );

  test.each([{ ifMatch: '"1"' }, { ifAbsent: true }, { ifNoneMatch: '"1"' }, { size: -1 }, { cacheControl: '' }])(
    'refuses %o before it reads',
    async (options) => {
      const fn = vi.fn(() => 'x');
      const { backend, names } = scripted({});
      expect(await errorOf(backend.update('a', fn, options))).toMatchObject({ code: 'InvalidArgument' });
      expect(names()).toEqual([]);
      expect(fn).not.toHaveBeenCalled();
    },
  );

  test('refuses a key that it could not write before it reads', async () => {
    const { backend, names } = scripted({});
    expect(await errorOf(backend.update('a//b', () => 'x'))).toMatchObject({ code: 'InvalidKey' });
    expect(names()).toEqual([]);
  });
});

describe('updateMetadata', () => {
  const current = info('a', { etag: '"1"', cacheControl: 'no-store', metadata: { jobId: '1', draft: 'yes' } });
  const sent = (member: { calls: unknown[][] }): SetMetadataRequest[] =>
    member.calls.map(([request]) => request as SetMetadataRequest);

  test('merges, removes with null, keeps headers, and guards what it read', async () => {
    const setMetadata = script((request: SetMetadataRequest) => ({ ...current, metadata: request.metadata }));
    const { backend } = scripted({ head: script(current), setMetadata });
    const result = await backend.updateMetadata('a', { draft: null, JOBID: '2', x: '3' });
    expect(sent(setMetadata)).toEqual([
      {
        key: 'a',
        headers: { contentType: 'text/plain', cacheControl: 'no-store' },
        metadata: { JOBID: '2', x: '3' },
        ifMatch: '"1"',
      },
    ]);
    expect(result.metadata).toEqual({ JOBID: '2', x: '3' });
  });

  test('keeps headers whose options are undefined', async () => {
    const setMetadata = script(current);
    const { backend } = scripted({ head: script(current), setMetadata });
    await backend.updateMetadata('a', {}, { contentType: undefined, cacheControl: undefined, contentLanguage: 'de' });
    expect(sent(setMetadata)[0]!.headers).toEqual({
      contentType: 'text/plain',
      cacheControl: 'no-store',
      contentLanguage: 'de',
    });
  });

  test('replaces all when it is told to', async () => {
    const setMetadata = script(current);
    const { backend } = scripted({ head: script(current), setMetadata });
    await backend.updateMetadata('a', { x: '3' }, { replace: true });
    expect(sent(setMetadata)[0]!.metadata).toEqual({ x: '3' });
  });

  test('merges into what somebody else wrote meanwhile', async () => {
    const head = script(current, { ...current, etag: '"2"', metadata: { other: '9' } });
    const setMetadata = script(lostRace, current);
    const { backend } = scripted({ head, setMetadata });
    await backend.updateMetadata('a', { x: '3' });
    expect(sent(setMetadata)[1]).toMatchObject({ ifMatch: '"2"', metadata: { other: '9', x: '3' } });
  });

  test('rejects a lost race where the caller named the revision', async () => {
    const { backend } = scripted({ head: script(current), setMetadata: script(lostRace) });
    const error = await errorOf(backend.updateMetadata('a', { x: '3' }, { ifMatch: '"1"' }));
    expect(error).toMatchObject({ code: 'PreconditionFailed', retryable: 'no' });
  });

  test('gives up after twenty rounds', async () => {
    const setMetadata = always(lostRace);
    const { backend } = scripted({ head: always(current), setMetadata });
    expect(await errorOf(backend.updateMetadata('a', { x: '3' }))).toMatchObject({
      code: 'Conflict',
      retryable: 'safe',
    });
    expect(setMetadata.calls).toHaveLength(20);
  });

  test('of which an answer was lost succeeds when what it asked for is there', async () => {
    const wanted = { ...current, etag: '"2"', token: 'hidden', metadata: { ...current.metadata, x: '3' } };
    const { backend } = scripted({ head: script(current, wanted), setMetadata: script(lost, lostRace) });
    const result = await backend.updateMetadata('a', { x: '3' });
    expect(result).toMatchObject({ etag: '"2"', metadata: { x: '3' } });
    expect(result).not.toHaveProperty('token');
  });

  test('of which an answer was lost is ambiguous when something else is there, and is not made again', async () => {
    const setMetadata = script(lost, lostRace);
    const { backend } = scripted({ head: script(current, current), setMetadata });
    expect(await errorOf(backend.updateMetadata('a', { x: '3' }))).toMatchObject({
      code: 'PreconditionFailed',
      retryable: 'ambiguous',
    });
  });

  test('rejects NotFound when there is nothing', async () => {
    const { backend } = scripted({ head: script(fails('NotFound')) });
    expect(await errorOf(backend.updateMetadata('a', { x: '3' }))).toMatchObject({ code: 'NotFound', key: 'a' });
  });
});
