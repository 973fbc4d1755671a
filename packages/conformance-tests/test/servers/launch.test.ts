import { afterEach, expect, test, vi } from 'vitest';
import { launch, NotHere, type Way } from '../../src/servers/launch.ts';

const absent: Way<string> = () => Promise.reject(new NotHere('no engine'));
const broken: Way<string> = () => Promise.reject(new Error('port taken'));
const here: Way<string> = () =>
  Promise.resolve({ access: 'there', origin: 'process', stop: () => Promise.resolve() } as const);

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('the first way that is open is taken', async () => {
  expect(await launch('X', [absent, here, broken])).toMatchObject({ access: 'there' });
});

test('when no way is open the tests are skipped, with all reasons in one visible line', async () => {
  vi.stubEnv('STORAGE_TESTS_STRICT', '');
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const skipped = 'X is not available: no engine; no engine.';
  expect(await launch('X', [absent, absent])).toEqual({ skipped });
  expect(write.mock.calls).toEqual([[`SKIPPED ${skipped}\n`]]);
});

test('where skips are forbidden that is a failure', async () => {
  vi.stubEnv('STORAGE_TESTS_STRICT', '1');
  await expect(launch('X', [absent])).rejects.toThrow('no engine');
});

test('a way that is open but fails is a failure, not a skip', async () => {
  await expect(launch('X', [broken, here])).rejects.toMatchObject({ cause: { message: 'port taken' } });
});
