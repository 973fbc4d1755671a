import { describe, expect, test } from 'vitest';
import type { Classification } from '../../src/errors/classification.ts';
import { errorOf } from '../transfer/setup.ts';
import { always, fails, info, lost, script, scripted, stored, unavailable } from './setup.ts';

const refusals = ['AlreadyExists', 'PreconditionFailed', 'NotFound', 'Conflict'] as const;

/** The token that a put or copy was sent with. */
function tokenOf(member: { calls: unknown[][] }): string {
  const [request] = member.calls[0] as [{ attributes?: { token?: string }; token?: string }];
  return request.attributes?.token ?? request.token!;
}

describe('a conditional save of which an answer was lost', () => {
  test('succeeds when the object carries its token', async () => {
    const put = script(lost, fails('AlreadyExists'));
    const head = script(() => info('a', { token: tokenOf(put), etag: '"landed"', size: 3 }));
    const { backend } = scripted({ put, head });
    expect(await backend.save('a', 'abc', { ifAbsent: true })).toMatchObject({ etag: '"landed"', size: 3 });
    expect(put.calls).toHaveLength(2);
  });

  test('sends the same token with each attempt, and another one with each call', async () => {
    const put = script(lost, stored, stored);
    const { backend } = scripted({ put });
    await backend.save('a', 'abc', { ifMatch: '"0"' });
    await backend.save('a', 'abc', { ifMatch: '"1"' });
    const tokens = put.calls.map((call) => (call[0] as { attributes: { token: string } }).attributes.token);
    expect(tokens[1]).toBe(tokens[0]);
    expect(tokens[2]).not.toBe(tokens[0]);
  });

  test.each(refusals)('is ambiguous when another object is there and the service says %s', async (code) => {
    const { backend } = scripted({ put: script(lost, fails(code)), head: script(info('a', { token: 'another' })) });
    expect(await errorOf(backend.save('a', 'abc', { ifAbsent: true }))).toMatchObject({ code, retryable: 'ambiguous' });
  });

  test.each(['PermissionDenied', 'NotFound'] as const)(
    'is ambiguous when the question is answered %s',
    async (code) => {
      const { backend } = scripted({ put: script(lost, fails('AlreadyExists')), head: script(fails(code)) });
      const error = await errorOf(backend.save('a', 'abc', { ifAbsent: true }));
      expect(error).toMatchObject({ code: 'AlreadyExists', retryable: 'ambiguous' });
    },
  );

  test('is asked about when every attempt lost its answer', async () => {
    const put = always(lost);
    const head = script(() => info('a', { token: tokenOf(put) }));
    const { backend } = scripted({ put, head });
    expect((await backend.save('a', 'abc', { ifAbsent: true })).etag).toBe('"1"');
    expect(put.calls).toHaveLength(5);
  });

  test('stays ambiguous when later attempts say that they did nothing', async () => {
    const { backend } = scripted({ put: script(lost, fails('PermissionDenied')), head: script(info('a')) });
    const error = await errorOf(backend.save('a', 'abc', { ifAbsent: true }));
    expect(error).toMatchObject({ code: 'PermissionDenied', retryable: 'ambiguous' });
  });

  test('that is aborted while it is asked about rejects Aborted, and ambiguous', async () => {
    const aborter = new AbortController();
    const head = script(() => {
      aborter.abort('enough');
      return info('a');
    });
    const { backend } = scripted({ put: script(lost, fails('AlreadyExists')), head });
    const error = await errorOf(backend.save('a', 'abc', { ifAbsent: true, signal: aborter.signal }));
    expect(error).toMatchObject({ code: 'Aborted', cause: 'enough', retryable: 'ambiguous', name: 'AbortError' });
  });
});

describe('a conditional save that was refused', () => {
  test.each(['AlreadyExists', 'PreconditionFailed'] as const)('%s at once asks nothing', async (code) => {
    const head = always(info('a'));
    const { backend } = scripted({ put: script(fails(code)), head });
    expect(await errorOf(backend.save('a', 'abc', { ifAbsent: true }))).toMatchObject({ code, retryable: 'no' });
    expect(head.calls).toHaveLength(0);
  });

  test('after an attempt that did nothing asks nothing either', async () => {
    const head = always(info('a'));
    const { backend } = scripted({ put: script(unavailable, fails('AlreadyExists')), head });
    const error = await errorOf(backend.save('a', 'abc', { ifAbsent: true }));
    expect(error).toMatchObject({ code: 'AlreadyExists', retryable: 'no' });
    expect(head.calls).toHaveLength(0);
  });
});

describe('a save without a condition', () => {
  test('of which an answer was lost is made again, without a token and without a question', async () => {
    const put = script(lost, stored);
    const head = always(info('a'));
    const { backend } = scripted({ put, head });
    await backend.save('a', 'abc');
    expect(tokenOf(put)).toBeUndefined();
    expect(head.calls).toHaveLength(0);
  });

  test('is ambiguous when no attempt was answered', async () => {
    const { backend } = scripted({ put: always(lost) });
    expect(await errorOf(backend.save('a', 'abc'))).toMatchObject({ retryable: 'ambiguous', attempts: 5 });
  });
});

describe('a delete of which an answer was lost', () => {
  const kinds = { ifMatch: '"1"', mustExist: true, versionId: 'v1' };
  const refused = (code: Classification['code']): Error => fails(code);

  test.each(Object.entries(kinds))('with %s is ambiguous when the retry finds nothing', async (name, value) => {
    const code = name === 'ifMatch' ? 'PreconditionFailed' : 'NotFound';
    const { backend } = scripted({ remove: script(lost, refused(code)) });
    const error = await errorOf(backend.delete('a', { [name]: value }));
    expect(error).toMatchObject({ code, retryable: 'ambiguous', key: 'a' });
  });

  test.each(Object.entries(kinds))('with %s is refused plainly when nothing was lost', async (name, value) => {
    const { backend } = scripted({ remove: script(unavailable, refused('NotFound')) });
    expect(await errorOf(backend.delete('a', { [name]: value }))).toMatchObject({ code: 'NotFound', retryable: 'no' });
  });

  test('without a condition succeeds, and no longer knows whether the object existed', async () => {
    const { backend } = scripted({ remove: script(lost, { existed: false }) });
    expect(await backend.delete('a')).toEqual({ key: 'a', existed: undefined });
  });
});

describe('a conditional copy of which an answer was lost', () => {
  test('succeeds when the destination carries its token', async () => {
    const copy = script(lost, fails('AlreadyExists'));
    const head = script(info('a'), () => info('b', { token: tokenOf(copy), etag: '"b"' }));
    const { backend } = scripted({ copy, head });
    expect(await backend.copy('a', 'b', { ifAbsent: true })).toMatchObject({ key: 'b', etag: '"b"' });
  });

  test('is ambiguous when it does not', async () => {
    const { backend } = scripted({
      copy: script(lost, fails('AlreadyExists')),
      head: script(info('a'), info('b', { token: 'another' })),
    });
    expect(await errorOf(backend.copy('a', 'b', { ifAbsent: true }))).toMatchObject({ retryable: 'ambiguous' });
  });
});
