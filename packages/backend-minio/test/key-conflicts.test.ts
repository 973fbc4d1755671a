import { expect, test } from 'vitest';
import { errorOf, isSkipped, newBackend } from './bucket.ts';

const keysOf = (files: readonly { key: string }[]): string[] => files.map((file) => file.key);

test.skipIf(isSkipped())('without checkKeyConflicts both keys are kept, and listings show the shorter', async () => {
  await using backend = newBackend();
  await backend.save('p', 'shorter');
  await backend.save('p/c', 'longer');
  expect(keysOf(await backend.listFiles())).toEqual(['p']);
  expect(await (await backend.retrieve('p/c')).text()).toBe('longer');
  await backend.delete('p');
  expect(keysOf(await backend.listFiles())).toEqual(['p/c']);
});

test.skipIf(isSkipped())('with checkKeyConflicts the second of the two is refused, whichever it is', async () => {
  await using backend = newBackend({ checkKeyConflicts: true });
  await backend.save('p', 'shorter');
  await backend.save('q/c/d', 'longer');
  for (const refused of [
    () => backend.save('p/c', 'x'),
    () => backend.save('p/c/d', 'x'),
    () => backend.save('q', 'x'),
    () => backend.save('q/c', 'x'),
    () => backend.copy('p', 'q/c'),
  ]) {
    expect((await errorOf(refused())).code).toBe('KeyConflict');
  }
  // Overwriting, and a key that merely begins like another one, are no conflict.
  await backend.save('p', 'again');
  await backend.save('p.txt', 'beside');
  await backend.save('q/c/e', 'beside');
  expect(keysOf(await backend.listFiles())).toEqual(['p', 'p.txt', 'q/c/d', 'q/c/e']);
});
