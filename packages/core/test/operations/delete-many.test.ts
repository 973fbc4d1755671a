import { describe, expect, test } from 'vitest';
import type { DeleteOutcome } from '../../src/options.ts';
import { always, fails, info, lost, never, script, scripted, unavailable } from '../call/setup.ts';
import { errorOf } from '../transfer/setup.ts';

const gone = { existed: true };

function codes(outcomes: readonly DeleteOutcome[]): string[] {
  return outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code));
}

describe('deleteMany', () => {
  test('gives one outcome per key in the order given, of batches of the size that is claimed', async () => {
    const removeMany = always(({ keys }: { keys: string[] }) => keys.map((key) => ({ existed: key !== 'c' })));
    const { backend } = scripted({ removeMany }, { capabilities: { batchDelete: 2 } });
    const outcomes = await backend.deleteMany(['e', 'd', 'c', 'b', 'a']);
    expect(outcomes.map(({ key }) => key)).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect(outcomes.map((outcome) => outcome.ok && outcome.existed)).toEqual([true, true, false, true, true]);
    const sizes = removeMany.calls.map(([request]) => (request as { keys: string[] }).keys.length);
    expect(sizes.sort()).toEqual([1, 2, 2]);
  });

  test('makes no request for no key', async () => {
    const { backend, names } = scripted({});
    expect(await backend.deleteMany([])).toEqual([]);
    expect(names()).toEqual([]);
  });

  test('refuses wrong keys each for itself, holes too, and deletes the others', async () => {
    const removeMany = script(({ keys }: { keys: string[] }) => keys.map(() => gone));
    const { backend } = scripted({ removeMany });
    const keys = ['a', '', 5, Symbol('s'), Object.create(null)] as string[];
    // The place between is a hole.
    keys[6] = 'b';
    const outcomes = await backend.deleteMany(keys);
    const refused = ['InvalidKey', ...Array.from({ length: 4 }, () => 'InvalidArgument')];
    expect(codes(outcomes)).toEqual(['ok', ...refused, 'ok']);
    expect(removeMany.calls[0]![0]).toEqual({ keys: ['a', 'b'] });
  });

  test('is not moved by what the caller does to the array meanwhile', async () => {
    const removeMany = always(({ keys }: { keys: string[] }) => keys.map(() => gone));
    const { backend } = scripted({ removeMany }, { capabilities: { batchDelete: 1 } });
    const keys = ['a', 'b', 'c'];
    const result = backend.deleteMany(keys, { concurrency: 1 });
    keys.fill('precious');
    expect((await result).map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    expect(removeMany.calls.map(([request]) => (request as { keys: string[] }).keys[0])).toEqual(['a', 'b', 'c']);
  });

  test('names the key of each failure, and does not stop', async () => {
    const removeMany = script([gone, { error: fails('PermissionDenied') }, gone]);
    const { backend } = scripted({ removeMany });
    const outcomes = await backend.deleteMany(['a', 'b', 'c']);
    expect(codes(outcomes)).toEqual(['ok', 'PermissionDenied', 'ok']);
    expect(outcomes[1]).toMatchObject({ error: { key: 'b', operation: 'deleteMany' } });
  });

  test('makes single keys again whose fault may pass, and then no longer knows whether they existed', async () => {
    const removeMany = script([{ error: unavailable }, gone, { error: lost }]);
    const remove = script({ existed: true }, { existed: false });
    const { backend } = scripted({ removeMany, remove });
    const outcomes = await backend.deleteMany(['a', 'b', 'c']);
    expect(outcomes).toEqual([
      { key: 'a', ok: true, existed: undefined },
      { key: 'b', ok: true, existed: true },
      { key: 'c', ok: true, existed: undefined },
    ]);
    expect(remove.calls.map(([request]) => (request as { key: string }).key)).toEqual(['a', 'c']);
  });

  test('keeps to its concurrency when single keys are made again', async () => {
    let running = 0;
    let most = 0;
    const remove = async (): Promise<object> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
      return gone;
    };
    const removeMany = always(({ keys }: { keys: string[] }) => keys.map(() => ({ error: unavailable })));
    const { backend } = scripted({ removeMany, remove }, { capabilities: { batchDelete: 10 } });
    const keys = Array.from({ length: 60 }, (_, index) => `k${String(index)}`);
    expect(codes(await backend.deleteMany(keys, { concurrency: 3 }))).toEqual(keys.map(() => 'ok'));
    expect(most).toBe(3);
  });

  test('makes a whole batch again, and gives its error to each key when it fails for good', async () => {
    const { backend } = scripted({ removeMany: script(unavailable, [gone, gone], fails('PermissionDenied')) });
    expect(await backend.deleteMany(['a', 'b'])).toEqual([
      { key: 'a', ok: true, existed: undefined },
      { key: 'b', ok: true, existed: undefined },
    ]);
    expect(codes(await backend.deleteMany(['a', 'b']))).toEqual(['PermissionDenied', 'PermissionDenied']);
  });

  test('says so where the service gives no outcome for a key', async () => {
    const { backend } = scripted({ removeMany: script([gone]) });
    expect(codes(await backend.deleteMany(['a', 'b']))).toEqual(['ok', 'Unknown']);
  });

  test('makes one request each where there are no batches', async () => {
    const remove = script(gone, fails('PermissionDenied'), unavailable, { existed: false });
    const { backend } = scripted({ remove }, { capabilities: { batchDelete: false }, absent: ['removeMany'] });
    expect(codes(await backend.deleteMany(['a', 'b', 'c'], { concurrency: 1 }))).toEqual([
      'ok',
      'PermissionDenied',
      'ok',
    ]);
  });

  test('rejects as a whole when it is aborted', async () => {
    const { backend } = scripted({ removeMany: script(never) });
    const error = await errorOf(backend.deleteMany(['a'], { signal: AbortSignal.abort('enough') }));
    expect(error).toMatchObject({ code: 'Aborted', cause: 'enough' });
  });
});

describe('deletePrefix', () => {
  const entries = (...keys: string[]): object[] => keys.map((key) => info(key));

  test('deletes page by page, counts, and collects failures', async () => {
    const listPage = script(
      { entries: entries('p/a', 'p/b'), prefixes: [], cursor: '1' },
      { entries: [], prefixes: [], cursor: '2' },
      { entries: entries('p/c'), prefixes: [] },
    );
    const removeMany = script([gone, { error: fails('PermissionDenied') }], [gone]);
    const { backend } = scripted({ listPage, removeMany });
    const result = await backend.deletePrefix('p/');
    expect(result.deleted).toBe(2);
    expect(result.failed).toMatchObject([{ key: 'p/b', error: { code: 'PermissionDenied' } }]);
    expect(listPage.calls.map(([request]) => (request as { cursor?: string }).cursor)).toEqual([undefined, '1', '2']);
  });

  test('deletes everything only when it is told so', async () => {
    const listPage = script({ entries: [], prefixes: [] });
    const { backend } = scripted({ listPage });
    expect(await errorOf(backend.deletePrefix('', { allowAll: false }))).toMatchObject({ code: 'InvalidArgument' });
    expect(listPage.calls).toHaveLength(0);
    expect(await backend.deletePrefix('', { allowAll: true })).toEqual({ deleted: 0, failed: [] });
  });
});
