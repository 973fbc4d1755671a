import { expect, test } from 'vitest';
import { addedCall } from '../../src/backend.ts';
import type { BaseOptions } from '../../src/options.ts';
import { errorOf } from '../transfer/setup.ts';
import { fails, script, scripted, unavailable } from './setup.ts';

test('a call that a backend adds is opened, retried and resolves as one of the contract', async () => {
  const open = script(undefined);
  const { backend } = scripted({ open });
  const run = script(unavailable, 'done');
  expect(await addedCall(backend, { operation: 'enableIt', effect: 'write', run })).toBe('done');
  expect(open.calls).toHaveLength(1);
  expect(run.calls).toHaveLength(2);
});

test('its errors are wrapped, with its name, its key and no secret', async () => {
  const { backend } = scripted({});
  const run = script(fails('PermissionDenied'));
  const error = await errorOf(addedCall(backend, { operation: 'enableIt', effect: 'write', key: 'a', run }));
  expect(error).toMatchObject({ code: 'PermissionDenied', operation: 'enableIt', key: 'a', attempts: 1 });
});

test('a key that no service can hold is refused before any request', async () => {
  const { backend } = scripted({});
  const run = script('done');
  for (const key of ['', '\ud800']) {
    const error = await errorOf(addedCall(backend, { operation: 'enableIt', effect: 'read', key, run }));
    expect(error).toMatchObject({ code: 'InvalidKey', attempts: 0 });
  }
  expect(run.calls).toHaveLength(0);
});

test('an option that it does not have is refused, and a closed backend refuses it', async () => {
  const { backend } = scripted({});
  const call = (options: BaseOptions & { days?: number }, optionNames: string[] = []): Promise<unknown> =>
    addedCall(backend, { operation: 'enableIt', effect: 'read', options, optionNames, run: script('done') });
  expect(await errorOf(call({ days: 1 }))).toMatchObject({ code: 'InvalidArgument' });
  expect(await call({ days: 1 }, ['days'])).toBe('done');
  expect(await errorOf(call({ signal: AbortSignal.abort() }))).toMatchObject({ code: 'Aborted' });
  await backend.close();
  expect(await errorOf(call({}))).toMatchObject({ code: 'Closed' });
});
