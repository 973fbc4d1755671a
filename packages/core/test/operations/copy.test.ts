import { describe, expect, test } from 'vitest';
import type { CopyRequest } from '../../src/driver.ts';
import { always, fails, info, lost, script, scripted, stored } from '../call/setup.ts';
import { errorOf } from '../transfer/setup.ts';

const source = info('a', { contentType: 'text/plain', cacheControl: 'no-store', metadata: { a: '1', b: '2' } });
const sent = (member: { calls: unknown[][] }): CopyRequest => member.calls[0]![0] as CopyRequest;

describe('copy', () => {
  test('keeps headers and metadata, without sending any', async () => {
    const copy = script(stored);
    const { backend } = scripted({ head: script(source), copy });
    const result = await backend.copy('a', 'b');
    expect(sent(copy)).toEqual({ source: { key: 'a' }, key: 'b', condition: {}, sourceInfo: source });
    expect(result).toMatchObject({ key: 'b', contentType: 'text/plain', metadata: { a: '1', b: '2' }, etag: '"1"' });
  });

  test('replaces what it is told to, and keeps the rest', async () => {
    const copy = script(stored);
    const { backend } = scripted({ head: script(source), copy });
    const result = await backend.copy('a', 'b', { contentType: 'text/html' });
    expect(sent(copy).attributes).toEqual({
      headers: { contentType: 'text/html', cacheControl: 'no-store' },
      metadata: { a: '1', b: '2' },
    });
    // What was merged was read before: the copy must be of that.
    expect(sent(copy).source).toEqual({ key: 'a', ifMatch: '"1"' });
    expect(result).toMatchObject({ contentType: 'text/html', cacheControl: 'no-store' });
  });

  test('takes an option that is undefined as not given', async () => {
    const copy = always(stored);
    const { backend } = scripted({ head: always(source), copy });
    await backend.copy('a', 'b', { contentType: undefined, metadata: undefined });
    expect(sent(copy)).not.toHaveProperty('attributes');
    await backend.copy('a', 'b', { contentType: undefined, metadata: { c: '3' } });
    expect((copy.calls[1]![0] as CopyRequest).attributes).toEqual({
      headers: { contentType: 'text/plain', cacheControl: 'no-store' },
      metadata: { c: '3' },
    });
    expect(await backend.copy('a', 'a', { contentType: undefined })).toMatchObject({ key: 'a' });
    expect(copy.calls).toHaveLength(2);
  });

  test('onto itself without a change sends nothing, and says what is there', async () => {
    const { backend, names } = scripted({ head: always(source) });
    expect(await backend.copy('a', 'a')).toMatchObject({
      key: 'a',
      etag: '"1"',
      size: 3,
      metadata: { a: '1', b: '2' },
    });
    expect(await backend.move('a', 'a')).toMatchObject({ key: 'a', etag: '"1"' });
    expect(names()).toEqual(['open']);
  });

  test('onto itself rejects NotFound when there is nothing', async () => {
    const { backend } = scripted({ head: script(fails('NotFound')) });
    expect(await errorOf(backend.copy('a', 'a'))).toMatchObject({ code: 'NotFound', key: 'a', operation: 'copy' });
  });

  test.each([{ metadata: {} }, { tier: 'cool' }, { ifMatch: '"1"' }, { sourceVersionId: 'v1' }])(
    'onto itself with %o is a copy',
    async (options) => {
      const copy = script(stored);
      const { backend } = scripted({ head: script(source), copy });
      await backend.copy('a', 'a', options);
      expect(copy.calls).toHaveLength(1);
    },
  );

  test('looks for keys that it would hide, where that is asked for', async () => {
    const copy = always(stored);
    const head = always(({ key }: { key: string }) => (key === 'a' || key === 'taken' ? info(key) : fails('NotFound')));
    const listPage = always({ entries: [], prefixes: [] });
    const { backend } = scripted(
      { copy, head, listPage },
      { capabilities: { keyCanBePrefixOfKey: 'hidden' }, settings: { checkKeyConflicts: true } },
    );
    expect(await errorOf(backend.copy('a', 'taken/b'))).toMatchObject({ code: 'KeyConflict', key: 'taken/b' });
    expect(await errorOf(backend.createUpload('taken/b'))).toMatchObject({ code: 'KeyConflict' });
    expect(await errorOf(backend.uploadFile('taken/b', '/no/such/file'))).toMatchObject({ code: 'KeyConflict' });
    expect(copy.calls).toHaveLength(0);
    await backend.copy('a', 'free/b');
    expect(copy.calls).toHaveLength(1);
  });
});

describe('move', () => {
  const inTwoSteps = { absent: ['move'] as const };

  test('is one step where the driver has it', async () => {
    const move = script(stored);
    const { backend, names } = scripted({ head: script(source), move });
    expect(await backend.move('a', 'b')).toMatchObject({ key: 'b', metadata: { a: '1', b: '2' } });
    expect(names()).toEqual(['open']);
  });

  test('is a copy and then a delete of what was copied', async () => {
    const order: string[] = [];
    const copy = script(() => {
      order.push('copy');
      return stored;
    });
    const remove = script((request: object) => {
      order.push('remove');
      expect(request).toEqual({ key: 'a', ifMatch: '"1"' });
      return { existed: true };
    });
    const { backend } = scripted({ head: script(source), copy, remove }, inTwoSteps);
    expect(await backend.move('a', 'b')).toMatchObject({ key: 'b' });
    expect(order).toEqual(['copy', 'remove']);
  });

  test('keeps the source when the copy fails, or may have failed', async () => {
    for (const error of [fails('PermissionDenied'), lost]) {
      const remove = always({ existed: true });
      const { backend } = scripted({ head: script(source), copy: always(error), remove }, inTwoSteps);
      await errorOf(backend.move('a', 'b'));
      expect(remove.calls).toHaveLength(0);
    }
  });

  test('keeps the source when it changed meanwhile, and names it', async () => {
    const remove = script(fails('PreconditionFailed'));
    const { backend } = scripted({ head: script(source), copy: script(stored), remove }, inTwoSteps);
    expect(await errorOf(backend.move('a', 'b'))).toMatchObject({
      code: 'PreconditionFailed',
      key: 'a',
      operation: 'move',
    });
  });

  test('onto itself with a change copies and deletes nothing', async () => {
    const copy = script(stored);
    const remove = always({ existed: true });
    const { backend } = scripted({ head: script(source), copy, remove });
    await backend.move('a', 'a', { metadata: { c: '3' } });
    expect(copy.calls).toHaveLength(1);
    expect(remove.calls).toHaveLength(0);
  });

  test('takes no earlier version: deleting the source would lose the current one', async () => {
    const { backend, names } = scripted({}, inTwoSteps);
    const error = await errorOf(backend.move('a', 'b', { sourceVersionId: 'v1' }));
    expect(error).toMatchObject({ code: 'InvalidArgument' });
    expect(names()).toEqual([]);
  });
});
